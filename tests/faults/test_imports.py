"""The worker is killed at random moments of an import: nothing is repeated, nothing is left out."""

from __future__ import annotations

import csv
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cluster import Cluster
from tests.faults.service import Book
from tests.imports import book as people
from tests.waiting import until

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("IMPORT_KILLS", "2"))  # of each step
ROWS = 150 * KILLS
LONGEST = 0.8  # seconds from the begin of a worker's work to its death
Rows = list[tuple[Any, ...]]
Execute = Callable[[str], Rows]
JOB = "(SELECT max(id) FROM imports_importjob)"
BOOK = (
    "SELECT external_id, name, company, email, phone_e164, version, account_balance, marketing_opt_in"
    " FROM customers_customer WHERE store_id = {store} AND deleted_at IS NULL ORDER BY external_id",
    "SELECT customer.external_id, line1, city, state, postcode, position FROM customers_address address"
    " JOIN customers_customer customer ON customer.id = customer_id AND deleted_at IS NULL"
    " WHERE address.store_id = {store} ORDER BY customer.external_id, position",
    "SELECT customer.external_id, tag.name FROM customers_customertag mark"
    " JOIN customers_tag tag ON tag.id = tag_id"
    " JOIN customers_customer customer ON customer.id = customer_id AND deleted_at IS NULL"
    " WHERE mark.store_id = {store} ORDER BY customer.external_id, tag.name",
    "SELECT customer.external_id, account, amount, balance_after FROM customers_ledgerentry entry"
    " JOIN customers_customer customer ON customer.id = customer_id"
    " WHERE entry.store_id = {store} ORDER BY entry.id",
    "SELECT customer.external_id, type, event.version FROM stores_event event"
    " JOIN customers_customer customer ON customer.uid = customer_uid AND customer.store_id = event.store_id"
    " WHERE event.store_id = {store} ORDER BY event.id",
)


@pytest.fixture(params=["postgresql", "sqlite"])
def engine(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path
) -> tuple[Book, Execute]:
    """Return a book, and a function that runs a statement in its database."""
    if request.param == "postgresql":
        return request.getfixturevalue("book"), cluster_statement(cluster)
    file = tmp_path / "book.sqlite3"
    return Book(tmp_path, cluster, DATABASE_URL=f"sqlite:///{file}"), file_statement(file)


def cluster_statement(cluster: Cluster) -> Execute:
    def execute(statement: str) -> Rows:
        with cluster.connect() as connection:
            cursor = connection.execute(statement)
            return [tuple(row) for row in cursor] if cursor.description else []

    return execute


def file_statement(file: Path) -> Execute:
    def execute(statement: str) -> Rows:
        with closing(sqlite3.connect(file, timeout=20)) as connection, connection:
            return connection.execute(statement).fetchall()

    return execute


def write_files(folder: Path) -> tuple[Path, Path]:
    """Write a file of customers, and one that changes every third of them and brings the others."""
    rows = list(people.rows(ROWS))
    opening, name = people.COLUMNS.index("opening_balance"), people.COLUMNS.index("first_name")
    for number in range(0, ROWS, 7):
        rows[number][opening] = "12.50"
    former = [[*row] for row in rows[::3]]
    for row in former:
        row[name], row[opening] = "Former", ""
    paths = folder / "former.csv", folder / "people.csv"
    for path, lines in zip(paths, (former, rows), strict=True):
        with path.open("w") as file:
            csv.writer(file).writerows([people.COLUMNS, *lines])
    return paths


class Killing:
    """Works on the newest import with workers that are killed, one after another."""

    def __init__(self, book: Book, execute: Execute) -> None:
        self._book, self._execute = book, execute
        self._random = random.Random(22)

    def work_through(self, state: str, after: str) -> None:
        self._execute(
            f"UPDATE imports_importjob SET state = '{state}', progress = 0 WHERE id = {JOB}"
        )
        for _ in range(KILLS):
            with self._book.worker() as worker:
                until(lambda: self.is_leased() or self.state() == after, 30, f"{state} goes on")
                time.sleep(self._random.uniform(0, LONGEST))
                worker.kill()
            self.expire_lease()
        with self._book.worker():
            until(lambda: self.state() == after, 120, f"{state} ends")

    def expire_lease(self) -> None:
        """Let half a minute pass for the import."""
        self._execute("UPDATE imports_importjob SET leased_until = NULL")

    def is_leased(self) -> bool:
        return self.job("leased_until") is not None

    def state(self) -> Any:
        return self.job("state")

    def job(self, column: str) -> Any:
        [(value,)] = self._execute(f"SELECT {column} FROM imports_importjob WHERE id = {JOB}")
        return value


def contents(execute: Execute, store: str) -> list[Rows]:
    [(pk,)] = execute(f"SELECT id FROM stores_store WHERE name = '{store}'")
    return [execute(statement.format(store=pk)) for statement in BOOK]


def test_an_import_whose_worker_is_killed_again_and_again_writes_the_same_book(
    engine: tuple[Book, Execute], tmp_path: Path
) -> None:
    book, execute = engine
    former, everybody = write_files(tmp_path)
    before: dict[str, list[Rows]] = {}
    for name in ("Uninterrupted", "Interrupted"):
        store = book.manage("create_store", name, "--country", "AU", "--currency", "AUD")
        book.manage("import_customers", str(former), "--store", store)
        before[name] = contents(execute, name)
        dry = [] if name == "Uninterrupted" else ["--dry-run"]
        book.manage("import_customers", str(everybody), "--store", store, *dry)
    killing = Killing(book, execute)
    killing.work_through("checking", "checked")
    killing.work_through("running", "done")
    assert contents(execute, "Interrupted") == contents(execute, "Uninterrupted")
    book.manage("verify_ledger")
    book.manage("verify_outbox")

    killing.work_through("undoing", "undone")
    customers, addresses, tags = contents(execute, "Interrupted")[:3]
    former_customers, *former_parts = before["Interrupted"][:3]
    assert [without_version(row) for row in customers] == [
        without_version(row) for row in former_customers
    ]
    assert [addresses, tags] == former_parts
    book.manage("verify_ledger")
    book.manage("verify_outbox")


def without_version(row: tuple[Any, ...]) -> tuple[Any, ...]:
    version = 5  # the place of the column in the first statement
    return (*row[:version], *row[version + 1 :])
