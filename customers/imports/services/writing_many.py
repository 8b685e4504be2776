"""Write the rows of a batch: new customers many at once, others in a transaction each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from itertools import groupby, islice

from customers.imports.drafts import Issue
from customers.imports.models import Action, ImportJob, ImportRow
from customers.imports.services.changes import changes_of
from customers.imports.services.creating import created_together
from customers.imports.services.edits import ChangedSinceCheck
from customers.imports.services.refusals import is_conflict, issue_of
from customers.imports.services.views import load_views
from customers.imports.services.writing import AlreadyWritten, draft_of, write
from stores.errors import DomainError

TOGETHER = 50  # new customers in a transaction


def write_rows(job: ImportJob, rows: list[ImportRow]) -> None:
    """Write rows in their order, each with its result. A row that the book refuses is left out."""
    for is_together, group in groupby(rows, can_be_together):
        while part := list(islice(group, TOGETHER if is_together else 1)):
            if len(part) == 1 or not created_together(job, part):
                for row in part:
                    write_or_refuse(job, row)


def can_be_together(row: ImportRow) -> bool:
    """Return whether the row only makes a customer: postings and depots need locks of their own."""
    values = row.payload.get("values", {})
    has_reference = row.payload.get("opening") or values.get("default_depot_id")
    return row.action == Action.CREATE and not has_reference


def write_or_refuse(job: ImportJob, row: ImportRow) -> None:
    try:
        write(job, row)
    except DomainError as refusal:
        if isinstance(refusal, ChangedSinceCheck):
            compare_again(job, row)
        action = Action.CONFLICT if is_conflict(refusal) else Action.ERROR
        refuse(row, action, issue_of(refusal))
    except AlreadyWritten:
        return


def refuse(row: ImportRow, action: Action, issue: Issue) -> None:
    """Leave a row out, with the reason. Its plan stays, to be looked at."""
    row.action, row.issues = action, [asdict(issue)]
    unwritten = ImportRow.objects.filter(store=row.store_id, pk=row.pk, outcome="")
    compared = {"diff": row.diff, "seen_version": row.seen_version}
    unwritten.update(action=action, issues=row.issues, **compared)


def compare_again(job: ImportJob, row: ImportRow) -> None:
    """Compare the row with the customer as it is now, for whoever decides the conflict."""
    pk = row.customer_id or 0
    view = load_views(job.store, [pk])[pk]
    with suppress(DomainError):
        row.diff, row.seen_version = changes_of(view, draft_of(row)).diff, view.customer.version
