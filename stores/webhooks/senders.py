"""Threads that send what runs hold. Each attempt ends after ten seconds, whatever the receiver does.

A timekeeper aborts the connection of an attempt that takes longer, and replaces its thread: looking a name up
cannot be aborted, so that thread may hang for longer, and ends when it comes back.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from stores.http_deadline import CancellableConnection
from stores.webhooks.claims import Claim
from stores.webhooks.messages import Render, build_message
from stores.webhooks.runs import Run
from stores.webhooks.sending import TIMED_OUT, TOTAL_SECONDS, Outcome, attempt

logger = logging.getLogger(__name__)

NOT_BUILT = Outcome(error="the message could not be made")
TOO_LATE = Outcome(error=TIMED_OUT, duration_ms=round(TOTAL_SECONDS * 1000))

Result = tuple[Run, Claim, Outcome]


class Attempt:
    """An attempt under way. It ends once: with its outcome, or when its time is over."""

    def __init__(self, run: Run, claim: Claim) -> None:
        self.run = run
        self.claim: Claim | None = claim  # until it ends: the timekeeper holds attempts for longer
        self.connection = CancellableConnection()
        self.deadline = time.monotonic() + TOTAL_SECONDS
        self._lock = threading.Lock()

    def end(self) -> Claim | None:
        """Return the claim, or None when the attempt had ended already."""
        with self._lock:
            claim, self.claim = self.claim, None
            return claim


class Senders:
    """So many threads, started when they are needed first, that put what they did into `results`."""

    def __init__(self, size: int, render: Render) -> None:
        self.results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._render = render
        self._size, self._started = size, 0
        self._lanes: queue.SimpleQueue[Run] = queue.SimpleQueue()
        self._attempts: queue.SimpleQueue[Attempt] = queue.SimpleQueue()  # in order of deadlines

    def start(self, run: Run) -> None:
        """Send the run's deliveries in its lanes. There must be as many idle threads."""
        if not self._started:
            start_thread(self._keep_time)
        for _ in range(run.lanes):
            if self._started < self._size:
                self._started += 1
                start_thread(self._work)
            self._lanes.put(run)

    def _work(self) -> None:
        while True:
            run = self._lanes.get()
            while claim := run.take():
                current = Attempt(run, claim)
                self._attempts.put(current)
                if not self._end(current, self._send(claim, current.connection)):
                    return  # it came too late, and another thread has replaced this one

    def _send(self, claim: Claim, connection: CancellableConnection) -> Outcome:
        try:
            message = build_message(claim.endpoint, claim.delivery.event, self._render)
        except Exception as error:
            logger.error("webhook message could not be made", exc_info=error)
            return NOT_BUILT
        try:
            return attempt(message, connection)
        finally:
            connection.close()

    def _end(self, current: Attempt, outcome: Outcome) -> bool:
        """Report the outcome. Return False when the attempt had ended already."""
        claim = current.end()
        if claim is None:
            return False
        if not outcome.is_delivered:
            current.run.stop()
        self.results.put((current.run, claim, outcome))
        return True

    def _keep_time(self) -> None:
        """End attempts whose time is over. Most have ended before: nobody wakes up for those."""
        while True:
            current = self._attempts.get()
            if current.claim is not None:
                time.sleep(max(current.deadline - time.monotonic(), 0))
            if self._end(current, TOO_LATE):
                current.connection.abort()
                start_thread(self._work)


def start_thread(target: Callable[[], None]) -> None:
    threading.Thread(target=target, name="webhooks", daemon=True).start()
