"""Check an import: read its file and plan each row. Nothing but the plan is written."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from django.utils import timezone

from customers.imports.columns import Mapping, choose
from customers.imports.drafts import Draft, Issue, Reader
from customers.imports.models import Action, ImportJob, ImportRow, State
from customers.imports.models.job import COUNTS
from customers.imports.reading import Table, Unreadable
from customers.imports.services import files
from customers.imports.services.deleting import rows_deleted
from customers.imports.services.grouping import Grouper, is_twin, mark_twins
from customers.imports.services.leases import release, renew
from customers.imports.services.matching import remember_phones
from customers.imports.services.neutral import draft_of
from customers.imports.services.planning import Planner, with_conflict
from customers.imports.services.seen import Seen
from customers.imports.services.syncing import BY_FOREIGN_ID
from stores.database.batches import in_parts
from stores.database.statistics import analyze
from stores.encryption import DecryptionError

BATCH = 500  # rows
REPLACED = ("lines", "label", "action", "customer", "matched_by", "seen_version", "payload", "diff")
UPDATED = [*REPLACED, "issues", "repairs"]
LOST_KEY = "The file cannot be decrypted: SECRET_KEY was changed. Upload it again."


def check(job: ImportJob, token: uuid.UUID) -> None:
    """Plan all rows of a leased job. A check that was interrupted begins anew."""
    delete_rows(job, token)
    try:
        with files.opened(job) as table, Seen() as seen:
            settle_columns(job, table)
            # The book has no index of phones, so they are read once and not for each batch.
            if "phone" in job.options["match"]:
                remember_phones(job.store, seen)
            Check(job, token, seen).run(table)
    except (Unreadable, DecryptionError) as error:
        delete_rows(job, token)
        problem = str(error) if isinstance(error, Unreadable) else LOST_KEY
        release(job, token, state=State.UNREADABLE, problem=problem, counts={}, progress=0)
        return
    analyze(ImportRow)
    release(
        job,
        token,
        state=State.CHECKED,
        checked_at=timezone.now(),
        counts=counts_of(job),
        progress=0,
    )


def delete_rows(job: ImportJob, token: uuid.UUID) -> None:
    """Delete an earlier plan. Raises LeaseLost."""
    for _ in rows_deleted(job):
        renew(job, token)


def settle_columns(job: ImportJob, table: Table) -> None:
    """Choose the columns' fields where nobody has. Keep them on the job."""
    if job.targets:
        return
    mapping = choose(table.header)
    save_columns(job, table, mapping)


def save_columns(job: ImportJob, table: Table, mapping: Mapping) -> None:
    job.header, job.targets, job.vendor = table.header, mapping.targets, mapping.vendor
    job.format = table.format
    job.save(update_fields=["header", "targets", "vendor", "format"])


class Check:
    """One pass over the rows of a file; a second one for rows that belong to others."""

    def __init__(self, job: ImportJob, token: uuid.UUID, seen: Seen) -> None:
        self._job, self._token, self._seen = job, token, seen
        self._grouper, self._planner = Grouper(job, seen), Planner(job, seen)
        self._done = 0

    def run(self, table: Table) -> None:
        if self._job.source_id:
            self.plan_all(map(draft_of, table.rows))
            return
        drafts = self.drafts(table)
        self.plan_all(draft for draft in drafts if not draft.parent)
        # A firm may stand below its people, so those are planned when all firms are known.
        if "parent" in self._job.targets:
            with files.opened(self._job) as again:
                self.plan_all(draft for draft in self.drafts(again) if draft.parent)

    def drafts(self, table: Table) -> Iterator[Draft]:
        job = self._job
        reader = Reader(job.store, job.header, job.targets, blank=job.options["blank"])
        return reader.drafts(table.rows)

    def plan_all(self, drafts: Iterable[Draft]) -> None:
        for batch in in_parts(drafts, BATCH):
            rows = self._planner.plan(self._grouper.group(batch))
            self.save(rows)
            self._done += len(batch)
            renew(self._job, self._token, progress=self._done)

    def save(self, rows: list[ImportRow]) -> None:
        """Save the plan of a batch; rows of earlier batches are replaced."""
        for row in rows:
            if row.action == Action.ERROR and is_twin(row):
                row.action = Action.CONFLICT
        earlier = self.resolve_twins(rows)
        # Where a row joined a customer of an earlier batch, that customer's row was planned again.
        lines = [row.line for row in rows]
        saved = ImportRow.objects.filter(store=self._job.store_id, job=self._job)
        pks = dict(saved.filter(line__in=lines).values_list("line", "pk"))
        for row in rows:
            row.pk = pks.get(row.line)
        replaced = [row for row in chain(rows, earlier) if row.pk]
        if replaced:
            saved.bulk_update(replaced, UPDATED)
        ImportRow.objects.bulk_create([row for row in rows if not row.pk], batch_size=BATCH)

    def resolve_twins(self, rows: list[ImportRow]) -> list[ImportRow]:
        """Mark rows that found one customer in different ways. Return those of earlier batches among them."""
        writing = {Action.CREATE, Action.UPDATE, Action.SAME}
        of_book = [
            row
            for row in rows
            if row.customer_id and row.action in writing and not is_unchanged_there(row)
        ]
        known = self._seen.lines([f"c:{row.customer_id}" for row in of_book])
        by_line = {row.line: row for row in rows}
        earlier = []
        for row in of_book:
            line = known.setdefault(f"c:{row.customer_id}", row.line)
            if line == row.line:
                continue
            other = by_line.get(line) or self.saved(line)
            if line not in by_line:
                by_line[line] = other
                earlier.append(other)
            if row.matched_by == other.matched_by == BY_FOREIGN_ID:  # they were merged here
                with_conflict(row, Issue.of("merged", name=other.label))
            else:
                mark_twins(row, other)
        self._seen.remember((f"c:{row.customer_id}", row.line) for row in of_book)
        return earlier

    def saved(self, line: int) -> ImportRow:
        return ImportRow.objects.get(store=self._job.store_id, job=self._job, line=line)


def is_unchanged_there(row: ImportRow) -> bool:
    """Return whether the row says nothing new. Customers that were merged here may have several such rows."""
    return row.matched_by == BY_FOREIGN_ID and row.action == Action.SAME


def counts_of(job: ImportJob) -> dict[str, int]:
    """Count the rows of each action, in one query of an index."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job).order_by()
    found: Counter[str] = Counter()
    for action in COUNTS:
        found[action] = rows.filter(action=action).count()
    return dict(found)
