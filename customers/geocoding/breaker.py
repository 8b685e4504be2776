"""A circuit breaker: stop calling a provider that keeps failing, and try again after a pause."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 30.0


class Breaker:
    """A breaker that opens after `FAILURES_TO_OPEN` failures in a row.

    While it is open it allows one call, the probe, every `OPEN_SECONDS`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    def allows(self) -> bool:
        """Tell whether a call may be made now; while open, only one caller gets True as the probe."""
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            # Set the time of the next probe now, not when this one ends: a probe may die without
            # reporting its result.
            self._open_until = now + OPEN_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._open_until = self._clock() + OPEN_SECONDS


@cache
def breaker_of(provider: str, domain: str) -> Breaker:
    """Return this process's only breaker for the provider at that domain."""
    return Breaker()
