from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from customers.api.errors import Refused

PERIODS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600}


def rate(text: str) -> tuple[int, int]:
    """`600/min` as requests and seconds."""
    count, _, period = text.partition("/")
    return int(count), PERIODS[period.strip()]


class KeyThrottle(BaseThrottle):
    """So many requests a window for each key, counted in the cache by one atomic step."""

    def allow_request(self, request, view) -> bool:
        limit, period = rate(settings.RATE_LIMIT)
        now = time.time()
        window = int(now // period)
        count = counted(f"rate:{request.auth.pk}:{window}", period)
        reset = int((window + 1) * period - now) + 1
        view.rate_headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - count)),
            "X-RateLimit-Reset": str(reset),
        }
        if count > limit:
            raise Refused("rate_limited", headers={"Retry-After": str(reset)})
        return True


def counted(name: str, period: int) -> int:
    """The number of this request in its window."""
    cache.add(name, 0, timeout=period * 2)
    try:
        return cache.incr(name)
    except ValueError:  # pushed out of the cache between the two steps
        return 1
