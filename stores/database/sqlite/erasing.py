"""Leave no traces of deleted values in the files of SQLite. PostgreSQL needs nothing here: see its VACUUM."""

from __future__ import annotations

import logging
import time

from django.db import connection

logger = logging.getLogger(__name__)

MAX_SECONDS = 5.0  # to wait for readers, which keep the log from being emptied
PAUSE = 0.05


def overwrite_deleted() -> None:
    """Let this connection overwrite what it deletes with zeros. Some builds of SQLite do so by default."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def truncate_log() -> None:
    """Write the log into the database and cut it to nothing. Wait a while for readers, which delay that."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined] # SQLite's
        return
    deadline = time.monotonic() + MAX_SECONDS
    while not truncated():
        if time.monotonic() > deadline:
            logger.warning("the write-ahead log could not be emptied: other connections read")
            return
        time.sleep(PAUSE)


def truncated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, _, _ = cursor.fetchone()
    return not is_busy
