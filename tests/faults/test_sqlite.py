"""SQLite while another process uses the database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest
from pytest_httpserver import HTTPServer

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Answer, Client, Door, at, fresh_email, fresh_name
from tests.faults.service import Book
from tests.waiting import until

pytestmark = pytest.mark.faults
READ_WITHIN = 2.0  # seconds; writers wait for 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite3"


@pytest.fixture
def book(cluster: Cluster, tmp_path: Path, file: Path, receiver: HTTPServer) -> Book:
    target = f"127.0.0.1:{receiver.port}"
    url = f"sqlite:///{file}"
    return Book(tmp_path, cluster, DATABASE_URL=url, WEBHOOK_ALLOW_TARGETS=target)


@pytest.fixture
def client(book: Book) -> Iterator[Client]:
    with book.server() as server:
        yield book.client(server)


def create(client: Client, door: Door) -> Answer:
    return client.call("POST", door.path, door.body_of(fresh_name(), fresh_email()))


def test_reads_continue_and_writes_wait_for_a_writer(client: Client, file: Path) -> None:
    pos = DOORS["pos"]
    with (
        ThreadPoolExecutor(1) as pool,
        closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        # a key that has not been used for a while would be remembered as used just now
        other.execute("UPDATE stores_apikey SET last_used_at = NULL")
        other.execute("BEGIN IMMEDIATE")
        for door in DOORS.values():
            answer = client.call("GET", door.path)
            assert answer.status == 200
            assert answer.seconds < READ_WITHIN
        written = pool.submit(create, client, pos)
        other.execute("COMMIT")
        assert written.result().status == pos.probe.created


def test_removed_file_is_not_written(client: Client, file: Path) -> None:
    for door in DOORS.values():  # so that all threads have the file open
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(client.status, [door.path] * 16))
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    away = copy(file, file.with_suffix(".away"))
    for left in file.parent.glob("book.sqlite3*"):
        left.unlink()
    for door in DOORS.values():
        for _ in range(4):
            assert door.is_unavailable(create(client, door))
            assert door.is_unavailable(client.call("GET", door.path))
    assert client.status("/readyz") == 503
    assert client.status("/healthz") == 200
    assert not file.exists()
    Path(away).rename(file)
    for door in DOORS.values():
        created = create(client, door)
        assert created.status == door.probe.created
        path = f"{door.path}/{at(created.json, door.probe.id_at)}"
        assert client.status(path) == 200


def test_worker_continues_in_a_replaced_file(
    book: Book, client: Client, tmp_path: Path, file: Path, receiver: HTTPServer
) -> None:
    receiver.expect_request("/hook").respond_with_data()
    hook = {"url": f"http://127.0.0.1:{receiver.port}/hook", "events": ["customer.created"]}
    assert client.call("POST", "/stores/{store}/webhooks", hook).status == 201
    with book.worker():
        create(client, DOORS["pos"])
        until(lambda: delivered(file) == 1, 20, "the worker sends")
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        restored = Path(copy(file, tmp_path / "restored"))
        for left in tmp_path.glob("book.sqlite3-*"):
            left.unlink()
        restored.replace(file)
        create(client, DOORS["pos"])
        until(lambda: delivered(file) == 2, 20, "the worker sends what is in the new file")


def delivered(file: Path) -> int:
    with closing(sqlite3.connect(file)) as other:
        query = "SELECT count(*) FROM stores_webhookdelivery WHERE status = 'delivered'"
        return other.execute(query).fetchone()[0]
