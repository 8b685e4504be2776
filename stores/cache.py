"""The cache for figures that are expensive to compute. While it is down, nothing fails: `cache_get` finds
nothing, and the caller computes the figures again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from redis import RedisError


def cache_get(name: str) -> Any:
    """The value, or None if there is none or the cache does not answer."""
    with suppress(RedisError):
        return cache.get(name)
    return None


def cache_set(name: str, value: Any, seconds: int) -> None:
    """Stores the value for so many seconds, if the cache answers."""
    with suppress(RedisError):
        cache.set(name, value, seconds)
