"""SQLite has one writer at a time: another one waits for it, and not for ever."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from stores.database.sqlite.base import write_queues
from tests.waiting import until

PATIENCE = 30.0  # seconds that a writer waits here, however busy the machine is
MANY = 30
# a process that has locked the bytes of a -shm that SQLite locks while it recovers a log
RECOVERING = """
import fcntl, sys
with open(sys.argv[1], "wb+") as file:
    file.truncate(32768)
    fcntl.lockf(file, fcntl.LOCK_EX, 3, 120)  # that of writers, of checkpoints and of recovery
    fcntl.lockf(file, fcntl.LOCK_SH, 1, 128)  # that of everyone who has it open
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def name(tmp_path: Path) -> str:
    return str(tmp_path / "book.sqlite3")


@pytest.fixture
def patience() -> float:
    return PATIENCE


@pytest.fixture
def book(name: str, patience: float, django_db_blocker: Any) -> Iterator[ConnectionHandler]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": patience}
    with django_db_blocker.unblock():
        handler = ConnectionHandler(
            {"default": {"ENGINE": "stores.database.sqlite", "NAME": name, "OPTIONS": options}}
        )
        with handler["default"].cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("CREATE TABLE line (writer TEXT)")
        yield handler
        handler.close_all()


@contextmanager
def writing(book: ConnectionHandler, writer: str) -> Iterator[None]:
    """A transaction of this thread that adds a line."""
    connection: Any = book["default"]
    try:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO line VALUES (%s)", [writer])
        yield
        connection.commit()
    finally:
        connection.close()


def lines(book: ConnectionHandler) -> list[str]:
    with book["default"].cursor() as cursor:
        cursor.execute("SELECT writer FROM line ORDER BY rowid")
        return [writer for (writer,) in cursor.fetchall()]


def test_a_writer_waits_for_the_one_before(book: ConnectionHandler) -> None:
    came = Event()

    def second() -> None:
        came.set()
        with writing(book, "second"):
            pass

    with ThreadPoolExecutor(1) as pool:
        with writing(book, "first"):
            waiting = pool.submit(second)
            came.wait()
        waiting.result()
    assert lines(book) == ["first", "second"]


@pytest.mark.parametrize("patience", [0.3])
def test_a_writer_that_waited_too_long_gives_up(book: ConnectionHandler) -> None:
    def second() -> None:
        with writing(book, "second"):
            pass

    with (
        ThreadPoolExecutor(1) as pool,
        writing(book, "first"),
        pytest.raises(OperationalError, match="database is locked"),
    ):
        pool.submit(second).result(timeout=PATIENCE)
    assert lines(book) == ["first"]


def test_a_connection_that_waits_is_not_locked(book: ConnectionHandler) -> None:
    """Whoever writes may have to end a statement of it: what a garbage collection finds is any thread's."""
    opened: Queue[Any] = Queue()

    def second() -> None:
        with book["default"].cursor() as cursor:
            opened.put(book["default"].connection)
            cursor.execute("INSERT INTO line VALUES ('second')")
        book["default"].close()

    with ThreadPoolExecutor(1) as pool:
        with writing(book, "first"):
            waiting = pool.submit(second)
            other = opened.get()
            time.sleep(0.2)
            other.execute("SELECT 1").close()
        waiting.result()
    assert lines(book) == ["first", "second"]


def test_writers_of_a_process_are_served_as_they_came(book: ConnectionHandler, name: str) -> None:
    def write(writer: str) -> None:
        with writing(book, writer):
            pass

    with ThreadPoolExecutor(MANY) as pool:
        with writing(book, "first"):
            waiting = []
            for number in range(MANY):
                waiting.append(pool.submit(write, str(number)))
                until(lambda: len(write_queues[name]) == len(waiting), PATIENCE, "it waits")
        for one in waiting:
            one.result()
    assert lines(book) == ["first", *map(str, range(MANY))]


def test_of_many_that_wait_only_the_first_asks(book: ConnectionHandler, name: str) -> None:
    """Thirty that asked would leave the one that writes no time to."""
    asked: list[str] = []

    def write(writer: str) -> None:
        def ask(execute: Any, *query: Any) -> Any:
            asked.append(writer)
            return execute(*query)

        with book["default"].execute_wrapper(ask), writing(book, writer):
            pass

    with ThreadPoolExecutor(MANY) as pool:
        with writing(book, "first"):
            waiting = [pool.submit(write, str(number)) for number in range(MANY)]
            until(lambda: len(write_queues[name]) == MANY, PATIENCE, "all wait")
            before = len(asked)
            until(lambda: len(asked) > before + 10, PATIENCE, "somebody asks")
            assert len(set(asked)) == 1
        for one in waiting:
            one.result()
    assert len(lines(book)) == 1 + MANY


def test_a_writer_waits_for_a_log_that_is_being_recovered(
    book: ConnectionHandler, tmp_path: Path
) -> None:
    """A killed process leaves one; the first of the others that opens the file reads it."""
    book.close_all()
    shared = tmp_path / "book.sqlite3-shm"
    command = [sys.executable, "-c", RECOVERING, str(shared)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()

        def write() -> None:
            with writing(book, "after"):
                pass

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(write)
            time.sleep(0.2)
            other.communicate()
            waiting.result()
    assert lines(book) == ["after"]
