"""Measure the replica's lag in a background thread, so that no request waits for it.

This compares no clocks. Each poll notes the primary's position and the time. The replica's data are at
most as old as the newest noted position that it has replayed. That also holds for a replica that lost its
connection, and for a primary without writes.
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
STALE_AFTER_SECONDS = 1.0  # without a successful poll; then the replica counts as unavailable

CURRENT_POSITION_SQL = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
PAGE, HEADER = 8192, 24  # of the log, in bytes
REPLAYED_POSITION_SQL = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn WHERE pg_is_in_recovery()"


class Watch:
    """The state of the replica, as this process measured it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._positions: deque[tuple[float, int]] = deque()  # time, position of the primary
        self._current_at = float("-inf")  # the replica has all that was committed at this time
        self._polled_at = float("-inf")  # the last successful poll
        self._replayed = 0
        self._was_usable = False

    def has_replayed(self, position: int) -> bool:
        """Tell whether the replica is usable and shows all writes up to this position."""
        return self.is_usable() and self._replayed >= position

    def is_usable(self) -> bool:
        """Tell whether the replica answers and is not too far behind."""
        self.start()
        now = time.monotonic()
        return (
            now - self._polled_at < STALE_AFTER_SECONDS
            and now - self._current_at < settings.REPLICA_MAX_LAG
        )

    def mark_unavailable(self, error: Error) -> None:
        """Stop all reads from the replica until its next successful poll."""
        self._polled_at = float("-inf")
        self._log_change(usable=False, error=error)

    def wait_for(self, position: int, seconds: float) -> None:
        """Wait until the replica has replayed this position, is unusable, or the time is over."""
        until = time.monotonic() + seconds
        while self.is_usable() and self._replayed < position and time.monotonic() < until:
            time.sleep(POLL_SECONDS / 10)

    def start(self) -> None:
        """Start polling, once in each process: threads do not survive a fork."""
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
        started_at = time.monotonic()
        position, replayed = current_position(), fetch_position(REPLICA, REPLAYED_POSITION_SQL)
        if replayed is None:
            raise Error("REPLICA_URL does not lead to a replica")
        self._positions.append((started_at, position))
        while self._positions and self._positions[0][1] <= replayed:
            self._current_at, _ = self._positions.popleft()
        while self._positions and started_at - self._positions[0][0] > settings.REPLICA_MAX_LAG:
            self._positions.popleft()  # too old: after replaying it, the lag would still be too long
        self._replayed, self._polled_at = replayed, time.monotonic()
        self._log_change(usable=self.is_usable())

    def _log_change(self, *, usable: bool, error: Error | None = None) -> None:
        if self._was_usable != usable:
            state = "usable" if usable else "not usable"
            logger.warning("the replica is %s", state, exc_info=error)
        self._was_usable = usable


def current_position() -> int:
    """Return the position of the primary's log behind all that is committed now."""
    position = fetch_position(DEFAULT_DB_ALIAS, CURRENT_POSITION_SQL) or 0
    # At the end of a page it points behind the next page's header, which no replica replays alone.
    return position - HEADER if position % PAGE == HEADER else position


def fetch_position(alias: str, sql: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


watch = Watch()
