"""SQLite has one writer at a time; others wait for it up to a time limit."""

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

PATIENCE = 30.0  # seconds that a writer waits in these tests, long enough for a busy machine
MANY = 30
# a process that locks the bytes of a -shm file that SQLite locks while it recovers a log
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
def adding_line(book: ConnectionHandler, writer: str) -> Iterator[None]:
    """Run a transaction in this thread that adds a line."""
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


def test_writer_waits_for_the_previous_writer(book: ConnectionHandler) -> None:
    came = Event()

    def second() -> None:
        came.set()
        with adding_line(book, "second"):
            pass

    with ThreadPoolExecutor(1) as pool:
        with adding_line(book, "first"):
            waiting = pool.submit(second)
            came.wait()
        waiting.result()
    assert lines(book) == ["first", "second"]


@pytest.mark.parametrize("patience", [0.3])
def test_writer_gives_up_after_the_timeout(book: ConnectionHandler) -> None:
    def second() -> None:
        with adding_line(book, "second"):
            pass

    with (
        ThreadPoolExecutor(1) as pool,
        adding_line(book, "first"),
        pytest.raises(OperationalError, match="database is locked"),
    ):
        pool.submit(second).result(timeout=PATIENCE)
    assert lines(book) == ["first"]


def test_waiting_connection_is_not_locked(book: ConnectionHandler) -> None:
    """The writer's garbage collection may have to close a statement of a waiting connection."""
    opened: Queue[Any] = Queue()

    def second() -> None:
        with book["default"].cursor() as cursor:
            opened.put(book["default"].connection)
            cursor.execute("INSERT INTO line VALUES ('second')")
        book["default"].close()

    with ThreadPoolExecutor(1) as pool:
        with adding_line(book, "first"):
            waiting = pool.submit(second)
            other = opened.get()
            time.sleep(0.2)
            other.execute("SELECT 1").close()
        waiting.result()
    assert lines(book) == ["first", "second"]


def test_writers_of_a_process_are_first_come_first_served(
    book: ConnectionHandler, name: str
) -> None:
    def write(writer: str) -> None:
        with adding_line(book, writer):
            pass

    with ThreadPoolExecutor(MANY) as pool:
        with adding_line(book, "first"):
            waiting = []
            for number in range(MANY):
                waiting.append(pool.submit(write, str(number)))
                until(lambda: len(write_queues[name]) == len(waiting), PATIENCE, "it waits")
        for one in waiting:
            one.result()
    assert lines(book) == ["first", *map(str, range(MANY))]


def test_only_the_first_waiting_writer_polls(book: ConnectionHandler, name: str) -> None:
    """Thirty polling writers would leave the active writer no CPU time."""
    polls: list[str] = []

    def write(writer: str) -> None:
        def ask(execute: Any, *query: Any) -> Any:
            polls.append(writer)
            return execute(*query)

        with book["default"].execute_wrapper(ask), adding_line(book, writer):
            pass

    with ThreadPoolExecutor(MANY) as pool:
        with adding_line(book, "first"):
            waiting = [pool.submit(write, str(number)) for number in range(MANY)]
            until(lambda: len(write_queues[name]) == MANY, PATIENCE, "all wait")
            before = len(polls)
            until(lambda: len(polls) > before + 10, PATIENCE, "somebody asks")
            assert len(set(polls)) == 1
        for one in waiting:
            one.result()
    assert len(lines(book)) == 1 + MANY


def test_writer_waits_for_the_recovery_of_a_log(book: ConnectionHandler, tmp_path: Path) -> None:
    """A killed process leaves a log; the next process that opens the file recovers it."""
    book.close_all()
    shared = tmp_path / "book.sqlite3-shm"
    command = [sys.executable, "-c", RECOVERING, str(shared)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()

        def write() -> None:
            with adding_line(book, "after"):
                pass

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(write)
            time.sleep(0.2)
            other.communicate()
            waiting.result()
    assert lines(book) == ["after"]
