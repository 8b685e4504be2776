"""A circuit breaker: a provider that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 30.0


class Breaker:
    """Opens after `FAILURES_TO_OPEN` failures in a row; lets one probe through after the rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether a call may be made now. A yes after a rest is the probe's: it is said once."""
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return True
            now = self._clock()
            if now < self._rests_until:
                return False
            # The next probe's time is set here and not when this one ends, so that a probe that
            # dies without a word holds nobody up.
            self._rests_until = now + OPEN_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + OPEN_SECONDS


@cache
def breaker_of(provider: str, domain: str) -> Breaker:
    """The one breaker in this process for the provider at that domain."""
    return Breaker()
