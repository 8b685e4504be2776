"""An import whose worker is killed again and again: nothing is repeated, nothing is left out."""

from __future__ import annotations

import subprocess
import sys

from tests.faults.service import ROOT, Book


def test_an_import_that_is_killed_writes_and_takes_back_the_same_book(book: Book) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_imports"],
        cwd=ROOT,
        env=book.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
