"""Delete old imports with their files and rows. Such an import cannot be taken back any more."""

from __future__ import annotations

from typing import Any

from customers.imports.models import ImportChunk, ImportJob, ImportRow
from customers.imports.models.job import AT_WORK
from customers.privacy.services.retention.work import Due, Span, Tally, Work

ROWS_AT_A_TIME = 2_000


def old_imports(due: Due, span: Span) -> Any:
    jobs = ImportJob.objects.filter(store=due.store, created_at__lt=due.until, **span.of())
    return jobs.exclude(state__in=AT_WORK).order_by("pk")


def preview_imports(due: Due, span: Span) -> Tally:
    keys = old_imports(due, span).column("pk")
    return Tally(len(keys), examples=keys)


def delete_import(due: Due, span: Span) -> tuple[Tally, int]:
    """Delete the first import of the span, or a part of its rows: it may have a million."""
    job = old_imports(due, span).select_for_update(of=("self",), no_key=True).first()
    if job is None:
        return Tally(), span.high
    for model in (ImportRow, ImportChunk):
        rows = model.objects.filter(store=due.store, job=job.pk)
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_A_TIME])
        if keys:
            rows.filter(pk__in=keys).delete()
            return Tally(), span.low
    key = job.pk
    job.delete()
    return Tally(1), key


IMPORTS = Work(ImportJob, 1_000, preview_imports, delete_import)
