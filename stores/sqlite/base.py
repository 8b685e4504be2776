"""SQLite as many requests at once need it: its writers take turns, and its dates are worked out once.

Who waits to write does so here and not in SQLite, which would keep its connection locked meanwhile: a thread
that writes, and collects a cursor of that connection as garbage, would wait for it, and it for the thread.
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

OF_DATES = {"django_datetime_cast_date", "django_datetime_trunc", "django_timestamp_diff"}
REMEMBERED = 16_384  # results of a function; about 5 MB
# seconds between two tries to write: of who has just come, and of who waits long
RARELY, OFTEN, LONG = 0.010, 0.001, 0.060
PRIMARY = 0xFF  # what kind of error a code is; the rest of it says more


@cache
def remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as all connections have it; it asks itself once what it is asked of the same row again."""
    return lru_cache(REMEMBERED)(function)


class Connection(sqlite3.Connection):
    """One to whose queries dates are cheap: Django's functions of dates are Python, and most of the time
    of a sum by days or months."""

    patience = 0.0  # seconds that a statement outside of a transaction waits for another writer

    def create_function(self, name: str, *arguments: Any, **options: Any) -> None:
        if name in OF_DATES:
            *others, function = arguments
            arguments = (*others, remembering(function))
        super().create_function(name, *arguments, **options)


class Cursor(base.SQLiteCursorWrapper):
    connection: Connection

    def execute(self, query: str, params: Any = None) -> Any:
        ask = partial(super().execute, query, params)
        if self.connection.in_transaction or not self.connection.patience:
            return ask()
        return insist(ask, time.monotonic(), self.connection.patience)


class Queue:
    """The threads of this process that wait to write into one file.

    Only the first of them asks for it: thirty that did would leave the one that writes no time to.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        mine = Event()
        with self._guard:
            self._waiting.append(mine)
            self._waiting[0].set()
        try:
            if not mine.wait(patience):
                raise OperationalError("database is locked")
            yield
        finally:
            with self._guard:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()


queues: defaultdict[str, Queue] = defaultdict(Queue)


class DatabaseWrapper(base.DatabaseWrapper):
    """A file that is taken away or replaced under a process is not written to any more: SQLite itself
    would write on into what nobody finds again."""

    makes_files: ClassVar[bool] = True  # where there is none, as SQLite does
    file: tuple[int, int] | None = None  # the one that is open

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"factory": Connection}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(self.settings_dict["NAME"])
        if identity(name) is None and not (self.makes_files or self.is_in_memory_db()):
            raise OperationalError("unable to open database file")
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        connection.create_function("UNICODE_LOWER", 1, lower, deterministic=True)
        connection.patience = conn_params["timeout"]
        self.file = identity(name)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def close_if_unusable_or_obsolete(self) -> None:
        """Django's, before and after each request."""
        is_open = self.connection is not None and not self.in_atomic_block
        if is_open and self.file != identity(str(self.settings_dict["NAME"])):
            self.close()
        super().close_if_unusable_or_obsolete()

    def _start_transaction_under_autocommit(self) -> None:
        """Waits until no other transaction writes. Raises OperationalError after `timeout` seconds."""
        came, patience = time.monotonic(), self.connection.patience
        begin = super()._start_transaction_under_autocommit  # type: ignore[misc] # Django's
        with self.waiting(0), queues[str(self.settings_dict["NAME"])].turn(patience):
            insist(begin, came, patience)

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """How long a statement waits for another writer, instead of `timeout` seconds."""
        connection: Connection = self.connection
        before, connection.patience = connection.patience, seconds
        try:
            yield
        finally:
            connection.patience = before


def lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def insist(ask: Callable[[], Any], came: float, patience: float) -> Any:
    """Asks until another writer is done, or so many seconds are over since somebody came.

    The longer it waits, the more often it asks: SQLite's own waiting does the opposite, so that who has just
    come is served before who waits long in another process.
    """
    while True:
        try:
            return ask()
        except (OperationalError, sqlite3.OperationalError) as error:
            waited = time.monotonic() - came
            if not is_busy(error) or waited > patience:
                raise
        time.sleep(RARELY + (OFTEN - RARELY) * min(waited / LONG, 1))


def identity(name: str) -> tuple[int, int] | None:
    """Of a file, whatever its name; None where there is none."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_busy(error: Exception) -> bool:
    """Another one writes, or reads a log that a killed one has left."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", 0)
    return code & PRIMARY == sqlite3.SQLITE_BUSY
