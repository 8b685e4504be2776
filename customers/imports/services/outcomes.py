"""Count and list what was taken back of an import."""

from __future__ import annotations

from typing import Any

from customers.imports.models import ImportJob, ImportRow, Outcome

MOST = 1000  # rows in a list


def counts_of(job: ImportJob) -> dict[str, int]:
    rows = ImportRow.objects.filter(store=job.store_id, job=job)
    undone = rows.filter(outcome=Outcome.UNDONE).count()
    kept = rows.filter(outcome__in=(Outcome.KEPT, Outcome.PARTLY)).count()
    return {"undone": undone, "kept": kept}


def kept_of(job: ImportJob) -> dict[str, Any]:
    """Return the counts, and what could not be taken back with its line and reason."""
    rows = ImportRow.objects.filter(
        store=job.store_id, job=job, outcome__in=(Outcome.KEPT, Outcome.PARTLY)
    )
    kept = [
        {"line": row.line, "customer": row.label, "what": what, "why": why}
        for row in rows.order_by("line")[:MOST]
        for what, why in row.kept
    ]
    return {"taken_back": counts_of(job), "kept": kept}
