"""The limit of requests for each API key, counted in the cache."""

from __future__ import annotations

import functools
import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

from customers.api.problems import ApiError
from stores.cache import cache_count

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
        count = cache_count(f"rate:{request.auth.pk}:{window}", period * 2)
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
