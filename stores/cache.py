"""The cache, which may be away: then nothing fails, and nothing is remembered or counted.

A cache that did not answer is asked again after a second, so that not every request waits for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
P = ParamSpec("P")
T = TypeVar("T")


class Availability:
    """A note of whether the cache answers. Changes are logged."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_away = False
        self._silent_until = float("-inf")

    def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return the cache's answer, or None while it is away."""
        if time.monotonic() < self._silent_until:
            return None
        try:
            answer = question(*args, **kwargs)
        except RedisError as error:
            self._silent_until = time.monotonic() + RETRY_SECONDS
            self._turn(away=True, error=error)
            return None
        if self._is_away:
            self._turn(away=False)
        return answer

    def _turn(self, *, away: bool, error: RedisError | None = None) -> None:
        with self._lock:
            if self._is_away != away:
                state = "away: rate limits are suspended" if away else "back"
                logger.warning("the cache is %s", state, exc_info=error)
            self._is_away = away


availability = Availability()


def cache_get(name: str) -> Any:
    """Return the value, or None when there is none or the cache is away."""
    return availability.ask(cache.get, name)


def cache_set(name: str, value: Any, seconds: int) -> None:
    """Store the value for so many seconds, unless the cache is away."""
    availability.ask(cache.set, name, value, seconds)


def cache_delete(name: str) -> None:
    """Delete the value, unless the cache is away."""
    availability.ask(cache.delete, name)


def cache_count(name: str, seconds: int) -> int | None:
    """Add one to a number that lives for so many seconds, and return it; None while the cache is away."""
    return availability.ask(_increment, name, seconds)


def _increment(name: str, seconds: int) -> int:
    with suppress(ValueError):  # the number is new, or was pushed out of the cache
        return cache.incr(name)
    if cache.add(name, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(name)
    except ValueError:
        return 1
