"""Decide conflicts by hand: keep what the book has, take what the row says, or add another customer."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from customers.imports.models import Action, ImportJob, ImportRow, State
from customers.imports.services import syncing
from customers.imports.services.checking import counts_of
from stores.errors import Conflict, Invalid


class Decision(models.TextChoices):
    OURS = "ours", "Keep ours"
    THEIRS = "theirs", "Take theirs"
    NEW = "new", "Add as another customer"


# What can be decided of a row, by the code of its conflict. Other conflicts end in the book or in the file.
CHOICES = {
    "changed_since_check": (Decision.OURS, Decision.THEIRS),
    "changed_on_both_sides": (Decision.OURS, Decision.THEIRS),
    "merged": (Decision.OURS, Decision.THEIRS),
    "uncertain": (Decision.OURS, Decision.THEIRS, Decision.NEW),
}
BATCH = 500  # rows
DECIDABLE = (State.CHECKED, State.DONE)


def choices_of(row: ImportRow) -> tuple[Decision, ...]:
    """Return what can be decided of a row, nothing for a row that is no conflict."""
    if row.action != Action.CONFLICT or len(row.issues) != 1 or row.customer_id is None:
        return ()
    return CHOICES.get(row.issues[0]["code"], ())


def undecided(job: ImportJob, decision: str) -> models.QuerySet[ImportRow]:
    """Return the conflicts of an import that can be decided so."""
    codes = [code for code, choices in CHOICES.items() if decision in choices]
    rows = ImportRow.objects.filter(store=job.store_id, job=job, action=Action.CONFLICT, outcome="")
    return rows.filter(issues__0__code__in=codes).exclude(customer=None)


def decide(job: ImportJob, decision: str, pks: list[int] | None = None) -> int:
    """Decide these conflicts, or all, in the same way. Return how many. What is to be written waits for a run.

    Raises Invalid `unknown_id` for another decision, and Conflict `changed_meanwhile` while a worker is at it.
    """
    if decision not in Decision.values:
        raise Invalid("unknown_id", "decision")
    rows, decided, last = undecided(job, decision), 0, 0
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    while batch := list(rows.filter(line__gt=last).order_by("line")[:BATCH]):
        with transaction.atomic():
            require_decidable(job)
            for row in batch:
                settle(job, row, Decision(decision))
            job.counts = counts_of(job)
            job.save(update_fields=["counts"])
        decided, last = decided + len(batch), batch[-1].line
    return decided


def require_decidable(job: ImportJob) -> None:
    """Lock the import, so that no run begins meanwhile. Raises Conflict."""
    jobs = ImportJob.objects.filter(store=job.store_id, pk=job.pk, state__in=DECIDABLE)
    if not jobs.select_for_update(of=("self",), no_key=True).exists():
        raise Conflict("changed_meanwhile")


def keep_ours(job: ImportJob, row: ImportRow) -> None:
    """Remember what a server said, so that only what changes later, there or here, is a change again."""
    said = row.payload.get("said") or row.payload
    if "foreign_id" in said:
        row.version_after = row.seen_version
        syncing.remember(job, row, said)


def settle(job: ImportJob, row: ImportRow, decision: Decision) -> None:
    """Give a conflict the action that follows from the decision."""
    values: dict[str, Any] = {"issues": []}
    if decision == Decision.NEW:
        values |= {"action": Action.CREATE, "customer": None, "matched_by": "", "diff": {}}
    elif decision == Decision.THEIRS:
        is_change = row.diff or row.payload.get("opening")
        values["action"] = Action.UPDATE if is_change else Action.SAME
    else:
        values["action"] = Action.SAME
        keep_ours(job, row)
    ImportRow.objects.filter(store=row.store_id, pk=row.pk, outcome="").update(**values)
