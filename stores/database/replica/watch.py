"""How far behind the replica is, polled in a background thread so that no request waits for the answer.

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

POLL_SECONDS = 0.2
STALE_AFTER_SECONDS = 1.0  # without a successful poll, after which the replica counts as down

CURRENT_POSITION_SQL = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
PAGE, HEADER = 8192, 24  # of the log, in bytes
REPLAYED_POSITION_SQL = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn WHERE pg_is_in_recovery()"


class Watch:
    """The replica as this process sees it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._noted: deque[tuple[float, int]] = deque()  # when the primary was where
        # as of when the replica is; when that was found out
        self._current = self._seen = float("-inf")
        self._replayed = 0
        self._was_usable = False

    def has_replayed(self, position: int) -> bool:
        """Whether the replica may be read by somebody who has to see this position."""
        return self.is_usable() and self._replayed >= position

    def is_usable(self) -> bool:
        """Whether it answers and is not too far behind."""
        self.start()
        now = time.monotonic()
        return (
            now - self._seen < STALE_AFTER_SECONDS
            and now - self._current < settings.REPLICA_MAX_LAG
        )

    def mark_unavailable(self, error: Error) -> None:
        """Keeps everybody from reading the replica until it has answered a poll again."""
        self._seen = float("-inf")
        self._log_change(usable=False, error=error)

    def wait_for(self, position: int, seconds: float) -> None:
        """Returns when the replica has this position, is not read anyway, or the time is over."""
        until = time.monotonic() + seconds
        while self.is_usable() and self._replayed < position and time.monotonic() < until:
            time.sleep(POLL_SECONDS / 10)

    def start(self) -> None:
        """Starts polling, once in each process: threads do not survive a fork."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                threading.Thread(target=self.run, name="replica watch", daemon=True).start()

    def run(self) -> None:
        while True:
            try:
                self.poll()
            except Error as error:
                self.mark_unavailable(error)
                for alias in (DEFAULT_DB_ALIAS, REPLICA):
                    connections[alias].close()
            time.sleep(POLL_SECONDS)

    def poll(self) -> None:
        began = time.monotonic()
        position, replayed = current_position(), fetch_position(REPLICA, REPLAYED_POSITION_SQL)
        if replayed is None:
            raise Error("REPLICA_URL does not lead to a replica")
        self._noted.append((began, position))
        while self._noted and self._noted[0][1] <= replayed:
            self._current, _ = self._noted.popleft()
        while self._noted and began - self._noted[0][0] > settings.REPLICA_MAX_LAG:
            self._noted.popleft()  # so old that reaching it would not help
        self._replayed, self._seen = replayed, time.monotonic()
        self._log_change(usable=self.is_usable())

    def _log_change(self, *, usable: bool, error: Error | None = None) -> None:
        if self._was_usable != usable:
            state = "is read" if usable else "is left out"
            logger.warning("the replica %s", state, exc_info=error)
        self._was_usable = usable


def current_position() -> int:
    """The position behind all that is committed now."""
    position = fetch_position(DEFAULT_DB_ALIAS, CURRENT_POSITION_SQL) or 0
    # behind the last record of a page it points past the header of the next, which nobody replays by itself
    return position - HEADER if position % PAGE == HEADER else position


def fetch_position(alias: str, sql: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


watch = Watch()
