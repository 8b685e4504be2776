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
from itertools import groupby

from django.db import DataError, Error, IntegrityError, NotSupportedError, connection

from stores.database.connections import close_if_unusable_or_obsolete
from stores.housekeeping import purge_expired
from stores.webhooks.claims import MAX_IN_FLIGHT, Claim, claim, release
from stores.webhooks.messages import Render
from stores.webhooks.results import Result, record_results, store_of
from stores.webhooks.runs import Run
from stores.webhooks.senders import Senders

logger = logging.getLogger(__name__)

CONCURRENCY = 32  # attempts at a time
IDLE_SECONDS = 0.25
RECONNECT_SECONDS = 0.5  # between two tries to reach a database that is away
GATHER_SECONDS = 0.05  # recording results together costs less
PURGE_SECONDS = 600


class Worker:
    """Deliver until stopped, or until nothing is due. Any number of workers may run at the same time."""

    def __init__(self, render: Render, concurrency: int = CONCURRENCY) -> None:
        self._concurrency = concurrency
        self._senders = Senders(concurrency, render)
        self._stopping = threading.Event()
        self._runs: list[Run] = []
        self._unrecorded: list[Result] = []
        self._unsent: list[Claim] = []
        self._database_is_down = False
        self._purged_at = float("-inf")

    def stop(self) -> None:
        """End `run` after the attempts in flight, which takes ten seconds at most."""
        self._stopping.set()

    def run(self) -> None:
        """Deliver until `stop`. Wait for a database that is away."""
        while not self._stopping.is_set():
            self._collect(RECONNECT_SECONDS if not self._try_once() else IDLE_SECONDS)
        for run in self._runs:
            run.stop()
        while self._runs:
            self._collect(IDLE_SECONDS)
        self._try_once()

    def drain(self) -> None:
        """Deliver until nothing is due or in flight. Raises the database's errors."""
        while self._run_once() or self._runs:
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
        """Record the results at hand and start what is due. Return how many runs were started."""
        self._record()
        if self._stopping.is_set():
            return 0
        self._purge()
        return self._start_due()

    def _record(self) -> None:
        """Record the results at hand, store by store. Those that cannot be recorded now stay."""
        self._unrecorded.sort(key=store_of)  # keeps the order within a store
        for _, results in groupby(self._unrecorded.copy(), key=store_of):
            own = list(results)
            record_or_drop(own)
            del self._unrecorded[: len(own)]
        release(self._unsent)
        self._unsent = []

    def _start_due(self) -> int:
        """Start due deliveries. Failing endpoints together get at most half of the threads."""
        half = max(self._concurrency // 2, 1)
        to_failing = sum(run.lanes for run in self._runs if run.is_failing)
        started = self._start(claim(min(half - to_failing, self._free_lanes), failing=True))
        return started + self._start(claim(self._free_lanes, failing=False))

    @property
    def _free_lanes(self) -> int:
        return self._concurrency - sum(run.lanes for run in self._runs)

    def _start(self, claims: list[list[Claim]]) -> int:
        for own in claims:
            run = Run(own, min(len(own), MAX_IN_FLIGHT, self._free_lanes))
            self._runs.append(run)
            self._senders.start(run)
        return len(claims)

    def _collect(self, seconds: float) -> None:
        """Wait this long for the end of an attempt. Then collect results, until a run is over."""
        until = time.monotonic() + seconds
        try:
            while True:  # ends, because no other run is started meanwhile
                remaining = max(until - time.monotonic(), 0)
                run, claimed, outcome = self._senders.results.get(timeout=remaining)
                run.settle()
                self._unrecorded.append((claimed, outcome))
                patience = 0 if run.is_over else GATHER_SECONDS
                until = min(until, time.monotonic() + patience)
        except queue.Empty:
            pass
        for run in self._runs:
            self._unsent += run.take_rest()
        self._runs = [run for run in self._runs if not run.is_over]

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


def record_or_drop(results: list[Result]) -> None:
    """Record results. Drop one that the database refuses: it would block all that follow."""
    try:
        record_results(results)
    except (IntegrityError, DataError) as error:
        if len(results) > 1:
            for result in results:
                record_or_drop([result])
            return
        logger.error("webhook attempt could not be kept", exc_info=error)
