"""Delete the file and the plan of an import, in statements so small that others can write meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from customers.imports.models import ImportChunk, ImportJob, ImportRow, State
from customers.imports.services.jobs import start

ROWS = 2_000


def throw_away(job: ImportJob) -> None:
    """End an import that was not run. Its file and its plan go. Raises Conflict `changed_meanwhile`."""
    start(job, State.CANCELLED)
    # A worker that fetches for it stops.
    ImportJob.objects.filter(store=job.store_id, pk=job.pk).update(lease_token=None)
    delete_file(job)
    for _ in rows_deleted(job):
        continue


def delete_file(job: ImportJob) -> None:
    """Delete the file, and the cells of it that the columns' page shows."""
    ImportChunk.objects.filter(store=job.store_id, job=job).delete()
    job.samples = []
    job.save(update_fields=["samples"])


def rows_deleted(job: ImportJob) -> Iterator[None]:
    """Delete the plan; yield after each statement."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job)
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS]):
        rows.filter(pk__in=pks).delete()
        yield
