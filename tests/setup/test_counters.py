"""The counters of requests, which all processes of a machine share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from config.bootstrap import ROOT
from stores import counters
from stores.counters import count_in_window

WINDOW, MINUTE, LIMIT = 29_000_000, 60, 1_000
PROCESSES, EACH = 3, 300

# Counts in four threads; prints the counts.
COUNT = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stores.counters import append
sys.stdin.read()
with ThreadPoolExecutor(4) as pool:
    counts = pool.map(lambda _: append(Path(sys.argv[1]), "{MINUTE}-{WINDOW}", "key", {LIMIT}), range({EACH}))
print(*counts)
"""


def count(window: int = WINDOW, limit: int = LIMIT, name: str = "key") -> int | None:
    return count_in_window(name, window, MINUTE, limit)


def test_processes_and_threads_count_together(settings: Any) -> None:
    command = [sys.executable, "-c", COUNT, str(settings.COUNTERS_FOLDER)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    running = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.close()  # now all of them start
    counts = [int(word) for process in running for word in process.stdout.read().split()]
    assert [process.wait() for process in running] == [0] * PROCESSES
    assert sorted(counts) == list(range(1, PROCESSES * EACH + 1))


def test_names_and_windows_are_counted_apart() -> None:
    assert [count(), count(), count(name="other"), count(WINDOW + 1), count()] == [1, 2, 1, 1, 3]


def test_count_stops_above_the_limit(settings: Any) -> None:
    assert [count(limit=2) for _ in range(5)] == [1, 2, 3, 3, 3]
    (file,) = settings.COUNTERS_FOLDER.rglob("key")
    assert file.stat().st_size == 2


def test_windows_that_are_over_are_deleted(settings: Any) -> None:
    for window in (WINDOW, WINDOW + 1, WINDOW + 2):
        count(window)
    folders = {folder.name for folder in settings.COUNTERS_FOLDER.iterdir()}
    assert folders == {f"{MINUTE}-{WINDOW + 1}", f"{MINUTE}-{WINDOW + 2}"}


def test_windows_of_other_lengths_stay() -> None:
    """A test of a webhook, which opens a window of a minute, must not reset an hourly rate limit."""
    hour = 60 * MINUTE
    assert count_in_window("key", 7, hour, LIMIT) == 1
    assert [count(), count(WINDOW + 1)] == [1, 1]
    assert count_in_window("key", 7, hour, LIMIT) == 2


def test_deleted_counters_start_again(settings: Any) -> None:
    assert count() == 1
    for path in sorted(settings.COUNTERS_FOLDER.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    settings.COUNTERS_FOLDER.rmdir()
    assert [count(), count()] == [1, 2]


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    # not caplog: a program that another test runs may have disabled the logger
    monkeypatch.setattr(counters.logger, "warning", lambda text, **_: lines.append(text))
    return lines


def be_a_file(folder: Path) -> None:
    folder.touch()


def be_anybodys(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def be_a_link(folder: Path) -> None:
    folder.symlink_to(folder.parent)


@pytest.mark.parametrize("become", [be_a_file, be_anybodys, be_a_link])
def test_process_counts_for_itself_where_it_cannot_write(
    settings: Any, tmp_path: Path, warnings: list[str], become: Any
) -> None:
    cache.clear()
    settings.COUNTERS_FOLDER = tmp_path / "counters"
    become(settings.COUNTERS_FOLDER)
    assert [count(), count(), count()] == [1, 2, 3]
    assert warnings == ["requests are counted in each process only"]
    settings.COUNTERS_FOLDER = tmp_path / "others"
    assert count() == 1
    assert not counters._is_unwritable.is_set()
