"""Merges of customers in a process that is killed, at each of its statements."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.service import ROOT, Book


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
