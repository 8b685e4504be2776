"""SQLite has one writer at a time: another one waits for it, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

PATIENCE = 1.0  # seconds that a writer waits here


@pytest.fixture
def book(tmp_path: Path, django_db_blocker: Any) -> Iterator[ConnectionHandler]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE}
    name = str(tmp_path / "book.sqlite3")
    with django_db_blocker.unblock():
        handler = ConnectionHandler(
            {"default": {"ENGINE": "stores.sqlite", "NAME": name, "OPTIONS": options}}
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


def test_a_writer_that_waited_too_long_gives_up(book: ConnectionHandler) -> None:
    def second() -> None:
        with writing(book, "second"):
            pass

    with (
        ThreadPoolExecutor(1) as pool,
        writing(book, "first"),
        pytest.raises(OperationalError, match="database is locked"),
    ):
        pool.submit(second).result(timeout=PATIENCE * 20)
    assert lines(book) == ["first"]
