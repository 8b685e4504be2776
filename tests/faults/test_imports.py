"""An import whose worker is killed again and again: nothing is repeated, nothing is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.service import ROOT, Book


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_an_import_that_is_killed_writes_and_takes_back_the_same_book(
    engine: str, book: Book, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'book.sqlite3'}"
    environment = book.environment | ({"DATABASE_URL": url} if engine == "sqlite" else {})
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_imports"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
