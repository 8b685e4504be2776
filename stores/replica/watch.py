"""How far the replica is, asked in the background so that no request ever waits for the answer.

Lag is measured without comparing clocks: the primary's position is noted with the time of the asking, and
the replica is at most as old as the newest noted position that it has replayed. That holds for a replica
that lost its connection, too, and for a primary on which nothing happens.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

REPLICA = "replica"  # its name among the databases

logger = logging.getLogger(__name__)

INTERVAL = 0.2  # seconds between two looks
SILENCE = 1.0  # seconds without one after which the replica counts as away

POSITION = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
PAGE, HEADER = 8192, 24  # of the log, in bytes
REPLAYED = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn WHERE pg_is_in_recovery()"


class Watch:
    """The replica as this process sees it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._noted: deque[tuple[float, int]] = deque()  # when the primary was where
        self._current = self._seen = float(
            "-inf"
        )  # as of when the replica is; when that was found out
        self._replayed = 0
        self._was_usable = False

    def has(self, position: int) -> bool:
        """Whether the replica may be read by somebody who has to see this position."""
        return self.is_usable() and self._replayed >= position

    def is_usable(self) -> bool:
        """Whether it answers and is not too far behind."""
        self.start()
        now = time.monotonic()
        return now - self._seen < SILENCE and now - self._current < settings.REPLICA_MAX_LAG

    def leave_out(self, error: Error) -> None:
        """It failed: nobody reads it until it has answered again."""
        self._seen = float("-inf")
        self._turn(usable=False, error=error)

    def wait_for(self, position: int, seconds: float) -> None:
        """Returns when the replica has this position, is not read anyway, or the time is over."""
        until = time.monotonic() + seconds
        while self.is_usable() and self._replayed < position and time.monotonic() < until:
            time.sleep(INTERVAL / 10)

    def start(self) -> None:
        """Begins to look, once a process: threads do not survive a fork."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                threading.Thread(target=self.run, name="replica watch", daemon=True).start()

    def run(self) -> None:
        while True:
            try:
                self.look()
            except Error as error:
                self.leave_out(error)
                for alias in (DEFAULT_DB_ALIAS, REPLICA):
                    connections[alias].close()
            time.sleep(INTERVAL)

    def look(self) -> None:
        began = time.monotonic()
        position, replayed = written(), ask(REPLICA, REPLAYED)
        if replayed is None:
            raise Error("REPLICA_URL does not lead to a replica")
        self._noted.append((began, position))
        while self._noted and self._noted[0][1] <= replayed:
            self._current, _ = self._noted.popleft()
        while self._noted and began - self._noted[0][0] > settings.REPLICA_MAX_LAG:
            self._noted.popleft()  # so old that reaching it would not help
        self._replayed, self._seen = replayed, time.monotonic()
        self._turn(usable=self.is_usable())

    def _turn(self, *, usable: bool, error: Error | None = None) -> None:
        if self._was_usable != usable:
            state = "is read" if usable else "is left out"
            logger.warning("the replica %s", state, exc_info=error)
        self._was_usable = usable


def written() -> int:
    """The position behind all that is committed now."""
    position = ask(DEFAULT_DB_ALIAS, POSITION) or 0
    # behind the last record of a page it points past the header of the next, which nobody replays by itself
    return position - HEADER if position % PAGE == HEADER else position


def ask(alias: str, question: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


watch = Watch()
