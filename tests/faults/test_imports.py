"""An import whose worker is killed again and again: nothing is repeated, nothing is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.service import ROOT, Book

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_an_import_that_is_killed_writes_and_takes_back_the_same_book(
    engine: str, request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'book.sqlite3'}"
    is_sqlite = engine == "sqlite"
    book = (
        Book(tmp_path, cluster, DATABASE_URL=url) if is_sqlite else request.getfixturevalue("book")
    )
    stores = [
        book.manage("create_store", name, "--country", "AU", "--currency", "AUD")
        for name in ("Calm", "Faulty")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_imports", *stores],
        cwd=ROOT,
        env=book.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    book.manage("verify_ledger")
    book.manage("verify_outbox")
