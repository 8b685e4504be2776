"""Leave no traces of deleted values in the files of SQLite. PostgreSQL needs nothing here: see its VACUUM."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024**2  # of a file that is written anew while somebody waits: a few seconds
MAX_SECONDS = 5.0  # to wait for readers, which keep the log from being emptied
PAUSE = 0.05


def overwrite_deleted() -> None:
    """Let this connection overwrite what it deletes with zeros. Some builds of SQLite do so by default."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def rewrite_file() -> None:
    """Write the whole file anew: SQLite leaves parts of rows between others when it splits a page.

    A file of more than `MAX_BYTES` is left to the operator.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined] # SQLite's
        return
    if Path(connection.settings_dict["NAME"]).stat().st_size > MAX_BYTES:
        logger.warning("run VACUUM when nobody works: parts of erased rows may be left in the file")
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    except OperationalError as error:
        logger.warning("the database could not be written anew", exc_info=error)


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
