from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import pytest

from customers.imports.models import ImportJob, ImportRow, State
from customers.imports.services import jobs
from customers.imports.services.working import work
from customers.models import Customer
from stores.actors import Actor
from stores.models import Store

FILES = Path(__file__).parent / "files"
MIA = Actor("staff", 1, "Mia Novak")


def spool(data: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 as long as the test
    file.write(data)
    file.flush()
    return file


class Importing:
    """Imports into one store, step by step or all at once."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def check(self, data: str | bytes | Path, **options: Any) -> ImportJob:
        data = data.read_bytes() if isinstance(data, Path) else data
        content = data.encode() if isinstance(data, str) else data
        job = jobs.create_job(self.store, MIA, spool(content), "people.csv", **options)
        return self.step(job, State.CHECKING)

    def run(self, data: str | bytes | Path, **options: Any) -> ImportJob:
        return self.step(self.check(data, **options), State.RUNNING)

    def step(self, job: ImportJob, state: State) -> ImportJob:
        jobs.start(job, state)
        assert work(job)
        return job

    def undo(self, job: ImportJob) -> ImportJob:
        return self.step(job, State.UNDOING)

    def rows(self, job: ImportJob) -> list[ImportRow]:
        return list(ImportRow.objects.filter(store=self.store, job=job).order_by("line"))

    def row(self, job: ImportJob, line: int) -> ImportRow:
        return ImportRow.objects.get(store=self.store, job=job, line=line)

    def customer(self, **lookup: Any) -> Customer:
        return Customer.objects.get(store=self.store, **lookup)


@pytest.fixture
def importing(store: Store) -> Importing:
    return Importing(store)


def counts(job: ImportJob) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: number for name, number in job.counts.items() if number}
