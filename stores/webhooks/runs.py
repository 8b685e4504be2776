"""Deliveries of one endpoint that a worker has leased together, and sends in their order."""

from __future__ import annotations

import threading
import time
from collections import deque

from stores.webhooks.claims import Claim

SECONDS = 2.0  # in which deliveries begin: an endpoint that is switched off gets none for longer than this


class Run:
    """A queue from which one or two threads, its lanes, take what they send next.

    An attempt that fails stops it: what is left is claimed again as deliveries to a failing endpoint.
    """

    def __init__(self, claims: list[Claim], lanes: int) -> None:
        self.endpoint, self.lanes = claims[0].endpoint, lanes
        self._waiting = deque(claims)
        self._unsettled = 0
        self._until = time.monotonic() + SECONDS
        self._lock = threading.Lock()

    @property
    def is_failing(self) -> bool:
        return self.endpoint.failing_since is not None

    def take(self) -> Claim | None:
        """Return what the calling lane sends now, or None when it is to end."""
        with self._lock:
            if not self._waiting or self._is_stopped():
                return None
            self._unsettled += 1
            return self._waiting.popleft()

    def stop(self) -> None:
        """Let the lanes end after what they are sending."""
        with self._lock:
            self._until = float("-inf")

    def settle(self) -> None:
        """Note that the worker has the result of an attempt."""
        with self._lock:
            self._unsettled -= 1

    def take_rest(self) -> list[Claim]:
        """Return what the lanes left when they were stopped."""
        with self._lock:
            if not self._is_stopped():
                return []
            rest, self._waiting = list(self._waiting), deque()
            return rest

    @property
    def is_over(self) -> bool:
        return not self._waiting and not self._unsettled

    def _is_stopped(self) -> bool:
        return time.monotonic() > self._until
