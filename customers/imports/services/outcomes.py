"""Count and list what was taken back of an import."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from customers.imports.models import ImportJob, ImportRow, Outcome

MOST = 1000  # rows in a list


def kept_rows(job: ImportJob) -> QuerySet[ImportRow]:
    """Return the rows that could not be taken back in full."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job)
    return rows.filter(outcome__in=(Outcome.KEPT, Outcome.PARTLY)).order_by("line")


def counts_of(job: ImportJob) -> dict[str, int]:
    rows = ImportRow.objects.filter(store=job.store_id, job=job)
    undone = rows.filter(outcome=Outcome.UNDONE).count()
    return {"undone": undone, "kept": kept_rows(job).count()}


def kept_of(job: ImportJob) -> dict[str, Any]:
    """Return the counts, and what could not be taken back with its line and reason."""
    kept = [
        {"line": row.line, "customer": row.label, "what": what, "why": why}
        for row in kept_rows(job)[:MOST]
        for what, why in row.kept
    ]
    return {"taken_back": counts_of(job), "kept": kept}
