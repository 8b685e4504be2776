"""What a check has to remember of a whole file and a whole book, on disk, so that memory stays small."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Self

from stores.database.batches import in_parts

MARKS = 500  # values in a query


class Seen:
    """The lines in which each key of a customer stands, and the customers of each phone."""

    def __init__(self) -> None:
        # A temporary database without a name: SQLite deletes its file by itself.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE line (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;"
            "CREATE TABLE phone (e164 TEXT, customer INTEGER, PRIMARY KEY (e164, customer)) WITHOUT ROWID;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def lines(self, keys: list[str]) -> dict[str, int]:
        """Return the line of each of these keys that an earlier row had."""
        return dict(self._select("SELECT key, line FROM line WHERE key IN", keys))

    def remember(self, keys: Iterable[tuple[str, int]]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO line VALUES (?, ?)", keys)

    def remember_phones(self, phones: Iterable[tuple[str, int]]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO phone VALUES (?, ?)", phones)

    def customers(self, phones: list[str]) -> list[tuple[str, int]]:
        """Return pairs of a phone and the key of a customer who has it."""
        return self._select("SELECT e164, customer FROM phone WHERE e164 IN", phones)

    def _select(self, start: str, values: list[str]) -> list[tuple[str, int]]:
        rows: list[tuple[str, int]] = []
        for part in in_parts(values, MARKS):
            marks = ",".join("?" * len(part))
            rows += self._database.execute(f"{start} ({marks})", part).fetchall()
        return rows
