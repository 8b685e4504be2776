"""Figures that cost much are kept in the cache for a while; while that is away they are worked out anew."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from redis import RedisError


def recall(name: str) -> Any:
    """What was kept under this name, or None."""
    with suppress(RedisError):
        return cache.get(name)
    return None


def keep(name: str, value: Any, seconds: int) -> None:
    with suppress(RedisError):
        cache.set(name, value, seconds)
