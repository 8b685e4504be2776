"""What a book on SQLite does while another process has its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Client, fresh_email, fresh_name
from tests.faults.service import Book

pytestmark = pytest.mark.faults
READ_WITHIN = 2.0  # seconds; a writer waits for 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite3"


@pytest.fixture
def client(cluster: Cluster, tmp_path: Path, file: Path) -> Iterator[Client]:
    book = Book(tmp_path, cluster, DATABASE_URL=f"sqlite:///{file}")
    with book.server() as server:
        yield book.client(server)


def test_reads_go_on_and_writes_wait_while_another_process_writes(
    client: Client, file: Path
) -> None:
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
        body = pos.body_of(fresh_name(), fresh_email())
        written = pool.submit(client.call, "POST", pos.path, body)
        other.execute("COMMIT")
        assert written.result().status == pos.probe.created
