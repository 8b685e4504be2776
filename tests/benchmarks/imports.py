"""Time an import from the file to take back: `python -m tests.benchmarks.imports [ROWS] [--calls]`.

It writes into the empty database of DATABASE_URL, or into a new one of SQLite. Each step runs in a
process of its own, so that its peak of memory is its own. With `--calls` a server answers calls of the
storefront meanwhile, and the times of these are printed, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# What each step moves the import on to. The second import of the same file, `again`, changes nothing.
STEPS = {"check": "checking", "run": "running", "again": "checking", "undo": "undoing"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--calls", action="store_true", help="Call a server meanwhile.")
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
        key, store = prepare(Path(folder) / "people.csv", options.rows)
        for step in STEPS:
            with measured_calls(key, store) if options.calls else unmeasured():
                command = [sys.executable, "-m", "tests.benchmarks.imports", "--step", step]
                subprocess.run(command, check=True, env=environment)


def prepare(path: Path, rows: int) -> tuple[str, str]:
    """Make a store and a file, of which one row in two hundred is bad, and upload it twice.

    Return a key of the store, and its id.
    """
    from django.core.management import call_command

    from customers.imports.services import jobs
    from stores.actors import SYSTEM
    from stores.models import ApiKey, Store
    from tests.imports import book

    call_command("migrate", verbosity=0)
    with path.open("w") as file:
        book.write(file, rows, rows // 200)
    store = Store.objects.create(name="Imports", country="AU", currency="AUD")
    with path.open("rb") as file:
        jobs.create_job(store, SYSTEM, file, path.name)
        jobs.create_job(store, SYSTEM, file, path.name)
    return ApiKey.issue(store=store, name="benchmark")[1], str(store.uid)


def work(step: str) -> None:
    from customers.imports.models import ImportJob, State
    from customers.imports.services import jobs, working

    imports = ImportJob.objects.order_by("pk")
    job = imports[1 if step == "again" else 0]
    jobs.start(job, State(STEPS[step]))
    begun, used, used_there = time.monotonic(), time.process_time(), processor_of_database()
    working.work(job)
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    there = processor_of_database() - used_there
    print(  # noqa: T201
        f"{step}: {seconds:.0f} s, {processor:.0f} s of CPU and {there:.0f} s of PostgreSQL, {peak()} MB,"
        f" {job.state}, {job.counts}",
        flush=True,
    )


def peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def processor_of_database() -> float:
    """Return the CPU seconds of the process that serves this connection, 0 for SQLite or another machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    file = Path(f"/proc/{pid}/stat")
    if not file.exists():
        return 0.0
    user, system = file.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def unmeasured() -> Iterator[None]:
    yield


@contextmanager
def measured_calls(key: str, store: str) -> Iterator[None]:
    """Call a server in the background, and print how long the calls took."""
    from tests.benchmarks.imports_calls import calling
    from tests.benchmarks.servers import running

    with (
        running(["clientele"]) as servers,
        calling(servers["clientele"].ports, key, store) as times,
    ):
        yield
    for name, seconds in times.items():
        worst = sorted(seconds)
        p50, p99 = (1000 * worst[int(len(worst) * share)] for share in (0.5, 0.99))
        print(  # noqa: T201
            f"  {name}: {len(worst)} calls, p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {1000 * worst[-1]:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
