"""Merges of customers in a process that is killed, at each of its statements, and among several processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Client, at, fresh_email, fresh_name
from tests.faults.service import ROOT, Book, Server

SHOP = DOORS["storefront"]


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_killed_merge_is_whole_or_not_at_all(
    engine: str, request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'book.sqlite3'}"
    is_sqlite = engine == "sqlite"
    book = (
        Book(tmp_path, cluster, DATABASE_URL=url) if is_sqlite else request.getfixturevalue("book")
    )
    store = book.manage("create_store", "Merging", "--country", "AU", "--currency", "AUD")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_merges", store],
        cwd=ROOT,
        env=book.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    merges, unmerges = map(int, done.stdout.split())
    assert merges > 50
    assert unmerges > 50
    book.manage("verify_ledger")
    book.manage("verify_outbox")


def test_merge_in_one_process_is_seen_by_the_others_at_once(book: Book, server: Server) -> None:
    """Two servers on one book: what a command or the one changes, the other answers with."""
    with book.server(WEB_CONCURRENCY="1") as other:
        here, there = book.client(server), book.client(other)
        kept, gone = (create(here) for _ in range(2))
        assert [id_at(one, gone) for one in (here, there)] == [gone, gone]
        merge = json.loads(book.manage("merge_customers", kept, gone, "--json"))["merge"]
        assert [id_at(one, gone) for one in (here, there)] == [kept, kept]
        name = fresh_name()
        assert there.call("PUT", f"{SHOP.path}/{gone}", {"name": name}).status == 200
        assert here.call("GET", f"{SHOP.path}/{kept}").json["name"] == name
        book.manage("unmerge_customers", merge)
        assert [id_at(one, gone) for one in (here, there)] == [gone, gone]


def create(client: Client) -> str:
    answer = client.call("POST", SHOP.path, SHOP.body_of(fresh_name(), fresh_email()))
    uid: str = at(answer.json, SHOP.probe.id_at)
    return uid


def id_at(client: Client, uid: str) -> str:
    found: str = at(client.call("GET", f"{SHOP.path}/{uid}").json, SHOP.probe.id_at)
    return found
