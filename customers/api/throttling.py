"""The limit of requests for each API key, counted in the cache."""

from __future__ import annotations

import functools
import logging
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from redis import RedisError
from rest_framework.throttling import BaseThrottle

from customers.api.errors import ApiError

logger = logging.getLogger(__name__)

RETRY_CACHE_SECONDS = 1.0  # seconds until a cache that was away is asked again
PERIODS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600}


@functools.cache
def rate(text: str) -> tuple[int, int]:
    """`600/min` as requests and seconds."""
    count, _, period = text.partition("/")
    return int(count), PERIODS[period.strip()]


class KeyThrottle(BaseThrottle):
    """So many requests a window for each key, counted in the cache by one atomic step.

    While the cache is away nobody is refused: to serve without a limit is better than not to serve.
    A key of no table is a member of staff, who looks at what clients see: they have no limit to share.
    """

    def allow_request(self, request, view) -> bool:
        if request.auth.pk is None:
            return True
        limit, period = rate(settings.RATE_LIMIT)
        now = time.time()
        window = int(now // period)
        count = counters.next(f"rate:{request.auth.pk}:{window}", period)
        if count is None:
            return True
        reset = int((window + 1) * period - now) + 1
        view.rate_headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - count)),
            "X-RateLimit-Reset": str(reset),
        }
        if count > limit:
            raise ApiError("rate_limited", headers={"Retry-After": str(reset)})
        return True


class Counters:
    """Counts in the cache; one that is away is asked once a second, and logged once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_away = False
        self._silent_until = float("-inf")

    def next(self, name: str, period: int) -> int | None:
        """The number of this request in its window, or None while the cache is away."""
        if time.monotonic() < self._silent_until:
            return None
        try:
            number = increment(name, period)
        except RedisError as error:
            self._silent_until = time.monotonic() + RETRY_CACHE_SECONDS
            self._turn(away=True, error=error)
            return None
        if self._is_away:
            self._turn(away=False)
        return number

    def _turn(self, *, away: bool, error: RedisError | None = None) -> None:
        with self._lock:
            if self._is_away != away:
                state = "suspended" if away else "back"
                logger.warning("rate limits are %s", state, exc_info=error)
            self._is_away = away


counters = Counters()


def increment(name: str, period: int) -> int:
    """The number of this request in its window."""
    with suppress(ValueError):  # the window is new, or was pushed out of the cache
        return cache.incr(name)
    if cache.add(name, 1, timeout=period * 2):
        return 1
    try:
        return cache.incr(name)
    except ValueError:
        return 1
