"""Time an import from the file to take back: `python -m tests.benchmarks.imports [ROWS]`.

It writes into the empty database of DATABASE_URL, or into a new one of SQLite. Each step runs in a
process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
STEPS = {"check": "checking", "run": "running", "undo": "undoing"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        django.setup()
        work(options.step)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ["DATABASE_URL"]
        if url.startswith("sqlite"):
            url = f"sqlite:///{folder}/book.sqlite3"
        environment = {**os.environ, "DATABASE_URL": url}
        os.environ.update(environment)
        django.setup()
        prepare(Path(folder) / "people.csv", options.rows)
        for step in STEPS:
            command = [sys.executable, "-m", "tests.benchmarks.imports", "--step", step]
            subprocess.run(command, check=True, env=environment)


def prepare(path: Path, rows: int) -> None:
    """Make a store and a file, of which one row in two hundred is bad, and upload it."""
    from django.core.management import call_command

    from customers.imports.services import jobs
    from stores.actors import SYSTEM
    from stores.models import Store
    from tests.imports import book

    call_command("migrate", verbosity=0)
    with path.open("w") as file:
        book.write(file, rows, rows // 200)
    store = Store.objects.create(name="Imports", country="AU", currency="AUD")
    with path.open("rb") as file:
        jobs.create_job(store, SYSTEM, file, path.name)


def work(step: str) -> None:
    from customers.imports.models import ImportJob, State
    from customers.imports.services import jobs, working

    job = ImportJob.objects.latest("pk")
    jobs.start(job, State(STEPS[step]))
    begun, used = time.monotonic(), time.process_time()
    working.work(job)
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    print(  # noqa: T201
        f"{step}: {seconds:.0f} s, {processor:.0f} s of CPU, {peak()} MB, {job.state}, {job.counts}"
    )


def peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
