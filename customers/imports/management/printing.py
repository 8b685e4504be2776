"""Print imports, for people and for programs, and find the one that a command names."""

from __future__ import annotations

from django.core.management.base import CommandError, OutputWrapper

from customers.imports.models import ImportJob, ImportRow
from customers.imports.models.job import COUNTS
from customers.imports.services import jobs
from customers.imports.services.outcomes import kept_rows
from stores.models.base import parse_uid

MOST_ROWS = 20


def get_job(text: str) -> ImportJob:
    """Return the import with this id, of whichever store. Raises CommandError."""
    uid = parse_uid(text.strip().lower())
    job = ImportJob.objects.select_related("store").filter(uid=uid).first() if uid else None
    if job is None:
        raise CommandError(f"There is no import {text}.")
    return job


def print_job(out: OutputWrapper, job: ImportJob, as_json: bool) -> None:
    if as_json:
        out.write(jobs.as_json(job))
        return
    out.write(f"{job.uid}: {job.get_state_display()}")
    out.write(", ".join(f"{job.count(name)} {name}" for name in COUNTS))
    if job.problem:
        out.write(job.problem)
    rows = ImportRow.objects.filter(store=job.store_id, job=job).exclude(issues=[])
    for row in rows.order_by("line")[:MOST_ROWS]:
        for issue in row.issues:
            out.write(f"line {row.line}: {issue['column']} {issue['text']}")


def print_kept(out: OutputWrapper, job: ImportJob) -> None:
    """Print what could not be taken back."""
    for row in kept_rows(job):
        for what, text in row.kept:
            out.write(f"line {row.line}, {row.label}: {what} {text}")
