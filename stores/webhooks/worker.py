"""The worker: claim due deliveries, send them in threads, record the results.

Only the thread that runs the worker uses the database, with one connection and short transactions. The others
only send. So the database may go away meanwhile: deliveries in flight are sent, and their results wait here
until the database is back.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque

from django.db import DataError, Error, IntegrityError, NotSupportedError, connection

from stores.database.connections import close_if_unusable_or_obsolete
from stores.housekeeping import purge_expired
from stores.webhooks.claims import Claim, claim
from stores.webhooks.messages import Message, Render, build_message
from stores.webhooks.results import record_result
from stores.webhooks.sending import Outcome, send

logger = logging.getLogger(__name__)

CONCURRENCY = 32  # attempts at a time
IDLE_SECONDS = 0.25
RECONNECT_SECONDS = 0.5  # between two tries to reach a database that is away
PURGE_SECONDS = 600
NOT_BUILT = Outcome(error="the message could not be made")


class Worker:
    """Deliver until stopped, or until nothing is due. Any number of workers may run at the same time."""

    def __init__(self, render: Render, concurrency: int = CONCURRENCY) -> None:
        self._render = render
        self._concurrency = concurrency
        self._stopping = threading.Event()
        self._done: queue.SimpleQueue[tuple[Claim, Outcome]] = queue.SimpleQueue()
        self._unrecorded: deque[tuple[Claim, Outcome]] = deque()
        self._in_flight: list[Claim] = []
        self._database_is_down = False
        self._purged_at = float("-inf")

    def stop(self) -> None:
        """End `run` after the attempts in flight, which takes ten seconds at most."""
        self._stopping.set()

    def run(self) -> None:
        """Deliver until `stop`. Wait for a database that is away."""
        while not self._stopping.is_set():
            self._collect(RECONNECT_SECONDS if not self._try_once() else IDLE_SECONDS)
        while self._in_flight:
            self._collect(IDLE_SECONDS)
        self._try_once()

    def drain(self) -> None:
        """Deliver until nothing is due or in flight. Raises the database's errors."""
        while self._run_once() or self._in_flight:
            self._collect(IDLE_SECONDS)

    def _try_once(self) -> bool:
        """Run one round. Return whether the database was available."""
        try:
            close_if_unusable_or_obsolete()
            self._run_once()
        except NotSupportedError:  # no later try would be understood
            raise
        except Error as error:
            self._disconnect(error)
            return False
        if self._database_is_down:
            logger.warning("the database is back")
            self._database_is_down = False
        return True

    def _run_once(self) -> int:
        """Record the results at hand and start what is due. Return how many were started."""
        while self._unrecorded:
            record_or_drop(*self._unrecorded[0])
            self._unrecorded.popleft()
        if self._stopping.is_set():
            return 0
        self._purge()
        return self._start_due()

    def _start_due(self) -> int:
        """Start due deliveries. Failing endpoints together get at most half of the threads."""
        half = max(self._concurrency // 2, 1)
        free = self._concurrency - len(self._in_flight)
        to_failing = sum(one.is_to_failing for one in self._in_flight)
        started = self._start_all(claim(min(half - to_failing, free), failing=True))
        return started + self._start_all(claim(free - started, failing=False))

    def _start_all(self, claims: list[Claim]) -> int:
        for claimed in claims:
            self._start(claimed)
        return len(claims)

    def _start(self, claimed: Claim) -> None:
        self._in_flight.append(claimed)
        try:
            message = build_message(claimed.endpoint, claimed.delivery.event, self._render)
        except Exception as error:
            logger.error("webhook message could not be made", exc_info=error)
            self._done.put((claimed, NOT_BUILT))
            return
        name = f"delivery {claimed.delivery.pk}"
        threading.Thread(target=self._send, args=(claimed, message), name=name, daemon=True).start()

    def _send(self, claimed: Claim, message: Message) -> None:
        self._done.put((claimed, send(message)))

    def _collect(self, seconds: float) -> None:
        """Wait this long for the end of an attempt, then collect all that have ended."""
        try:
            over = self._done.get(timeout=seconds)
            while True:
                self._in_flight.remove(over[0])
                self._unrecorded.append(over)
                over = self._done.get_nowait()
        except queue.Empty:
            return

    def _purge(self) -> None:
        """Delete what has expired, every ten minutes. Deliveries go on even if that fails."""
        if time.monotonic() - self._purged_at < PURGE_SECONDS:
            return
        self._purged_at = time.monotonic()
        try:
            purge_expired()
        except Error as error:
            if not connection.is_usable():
                raise
            logger.warning("housekeeping was not finished", exc_info=error)

    def _disconnect(self, error: Error) -> None:
        if not self._database_is_down:
            logger.warning("the database is away", exc_info=error)
        self._database_is_down = True
        connection.close()


def record_or_drop(claimed: Claim, outcome: Outcome) -> None:
    """Record an outcome. Drop one that the database refuses: it would block all that follow."""
    try:
        record_result(claimed, outcome)
    except (IntegrityError, DataError) as error:
        logger.error("webhook attempt could not be kept", exc_info=error)
