"""Django's SQLite backend for concurrent requests: it queues writers and caches date functions.

A writer waits in Python, not inside SQLite (`busy_timeout` is 0). SQLite holds the connection's lock while
it waits. If the writing thread then garbage-collects a cursor of that connection, it needs that lock, and
the two threads wait for each other.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from threading import Event, Lock
from typing import Any, ClassVar

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from stores.database.sqlite.schema import DatabaseSchemaEditor

DATE_FUNCTIONS = {"django_datetime_cast_date", "django_datetime_trunc", "django_timestamp_diff"}
CACHE_SIZE = 16_384  # results of a function; about 5 MB
# Seconds between two attempts to write: MAX_DELAY at first, MIN_DELAY after RAMP_SECONDS of waiting.
MAX_DELAY, MIN_DELAY, RAMP_SECONDS = 0.010, 0.001, 0.060
PRIMARY_CODE_MASK = 0xFF  # the bits of an extended error code that hold the primary code


@cache
def memoized(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with a cache of its results, which all connections share."""
    return lru_cache(CACHE_SIZE)(function)


class Connection(sqlite3.Connection):
    """A connection that caches the results of Django's date functions.

    They are written in Python, and take most of the time of a sum by days or months.
    """

    # Seconds that a statement outside of a transaction waits for another writer.
    write_timeout = 0.0

    def create_function(self, name: str, *arguments: Any, **options: Any) -> None:
        if name in DATE_FUNCTIONS:
            *others, function = arguments
            arguments = (*others, memoized(function))
        super().create_function(name, *arguments, **options)


class Cursor(base.SQLiteCursorWrapper):
    connection: Connection

    def execute(self, query: str, params: Any = None) -> Any:
        statement = partial(super().execute, query, params)
        if self.connection.in_transaction or not self.connection.write_timeout:
            return statement()
        return retry_while_busy(statement, time.monotonic(), self.connection.write_timeout)


class WriteQueue:
    """The queue of this process's threads that wait to write to one database file.

    Only the first thread tries to get SQLite's lock: thirty threads would slow down the writing one.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def acquire(self, timeout: float) -> Iterator[None]:
        turn = Event()
        with self._guard:
            self._waiting.append(turn)
            self._waiting[0].set()
        try:
            if not turn.wait(timeout):
                raise OperationalError("database is locked")
            yield
        finally:
            with self._guard:
                self._waiting.remove(turn)
                if self._waiting:
                    self._waiting[0].set()


write_queues: defaultdict[str, WriteQueue] = defaultdict(WriteQueue)


class DatabaseWrapper(base.DatabaseWrapper):
    """A backend that closes its connection if the file was deleted or replaced meanwhile.

    SQLite itself would continue to write to the old file, and the rows would be lost.
    """

    SchemaEditorClass = DatabaseSchemaEditor
    creates_files: ClassVar[bool] = True  # a missing file, as SQLite does by default
    file: tuple[int, int] | None = None  # the identity of the file that is open

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"factory": Connection}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(self.settings_dict["NAME"])
        if file_identity(name) is None and not (self.creates_files or self.is_in_memory_db()):
            raise OperationalError("unable to open database file")
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        connection.create_function("UNICODE_LOWER", 1, lower, deterministic=True)
        connection.write_timeout = conn_params["timeout"]
        self.file = file_identity(name)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def close_if_unusable_or_obsolete(self) -> None:
        """Close it if the file was replaced, too. Django calls this before and after each request."""
        is_open = self.connection is not None and not self.in_atomic_block
        if is_open and self.file != file_identity(str(self.settings_dict["NAME"])):
            self.close()
        super().close_if_unusable_or_obsolete()

    def _start_transaction_under_autocommit(self) -> None:
        """Wait until no other transaction writes. Raises OperationalError after `timeout` seconds."""
        started_at, timeout = time.monotonic(), self.connection.write_timeout
        begin = super()._start_transaction_under_autocommit  # type: ignore[misc] # Django's
        queue = write_queues[str(self.settings_dict["NAME"])]
        with self.override_write_timeout(0), queue.acquire(timeout):
            retry_while_busy(begin, started_at, timeout)

    @contextmanager
    def override_write_timeout(self, seconds: float) -> Iterator[None]:
        """Within the context, statements wait so many seconds for another writer, not `timeout`."""
        connection: Connection = self.connection
        usual_timeout, connection.write_timeout = connection.write_timeout, seconds
        try:
            yield
        finally:
            connection.write_timeout = usual_timeout


# `str.lower` turns İ into two letters, and Σ depends on the letters around it: a pattern would not match.
LETTER_BY_LETTER = str.maketrans("İΣς", "iσσ")


def lower(text: str | None) -> str | None:
    return None if text is None else text.translate(LETTER_BY_LETTER).lower()


def retry_while_busy(statement: Callable[[], Any], started_at: float, timeout: float) -> Any:
    """Repeat the statement until no other connection writes, or `timeout` seconds have passed.

    `started_at` is the time when the caller began to wait. The longer it waits, the more often it tries.
    SQLite does the opposite: there, a newcomer gets the lock before a process that has waited long.
    """
    while True:
        try:
            return statement()
        except (OperationalError, sqlite3.OperationalError) as error:
            waited = time.monotonic() - started_at
            if not is_busy(error) or waited > timeout:
                raise
        time.sleep(MAX_DELAY + (MIN_DELAY - MAX_DELAY) * min(waited / RAMP_SECONDS, 1))


def file_identity(name: str) -> tuple[int, int] | None:
    """Return device and inode of the file now at this path, or None if there is none."""
    try:
        status = os.stat(name)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_busy(error: Exception) -> bool:
    """Tell whether another connection writes, or recovers the log of a process that was killed."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", 0)
    return code & PRIMARY_CODE_MASK == sqlite3.SQLITE_BUSY
