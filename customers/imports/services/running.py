"""Run a checked import: write row after row, each together with its result, and go on after a crash."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

from django.utils import timezone

from customers.imports.drafts import Issue
from customers.imports.drafts.draft import Draft
from customers.imports.models import Action, ImportJob, ImportRow, State
from customers.imports.models.row import WRITES
from customers.imports.services import syncing
from customers.imports.services.checking import counts_of
from customers.imports.services.leases import release, renew
from customers.imports.services.matching import customers_by_external_id
from customers.imports.services.writing_many import refuse, write_rows
from customers.models import Address, Customer, MatchKey, Tag
from stores.database.statistics import analyze

BATCH = 200  # rows
MANY = 1_000  # rows after which PostgreSQL should look at the tables anew
BREATH = 0.01  # seconds after a batch, in which others write


def run(job: ImportJob, token: uuid.UUID) -> None:
    """Write what a leased job still has to write."""
    done = job.progress
    for batch in pending(job):
        note_new_tags(job, batch)
        refuse_new_twins(job, batch)
        write_rows(job, [row for row in batch if row.action in WRITES])  # not refused just now
        done += len(batch)
        renew(job, token, progress=done, created_tags=job.created_tags)
        time.sleep(BREATH)
    if job.source_id:
        syncing.remember_same(job, token)
    # Autovacuum comes a minute later; until then PostgreSQL plans searches for tables that are still small.
    if done > MANY:
        analyze(ImportRow, Customer, Address, MatchKey)
    release(job, token, state=State.DONE, finished_at=timezone.now(), counts=counts_of(job))


def pending(job: ImportJob) -> Iterator[list[ImportRow]]:
    """Yield the rows to write in batches, in the order of the file."""
    # Without the action, so that the database walks the index of lines and sorts nothing.
    rows = ImportRow.objects.filter(store=job.store_id, job=job, outcome="")
    last = 0
    while batch := list(rows.filter(line__gt=last).order_by("line")[:BATCH]):
        yield [row for row in batch if row.action in WRITES]
        last = batch[-1].line


def refuse_new_twins(job: ImportJob, batch: list[ImportRow]) -> None:
    """Refuse new customers that somebody else created after the check.

    The database refuses a second e-mail itself, but not a second external id.
    """
    creating = [row for row in batch if row.action == Action.CREATE]
    drafts = {row.line: Draft.from_json(row.line, row.payload) for row in creating}
    moved_in = syncing.known_ids(job, list(drafts.values()))
    for row in creating:
        if drafts[row.line].foreign_id in moved_in:
            refuse(row, Action.CONFLICT, Issue.of("moved_since_check"))
    if "external_id" not in job.options["match"]:
        return
    by_external_id = customers_by_external_id(job.store, list(drafts.values()))
    for row in creating:
        if drafts[row.line].values.get("external_id") in by_external_id:
            refuse(row, Action.CONFLICT, Issue.of("twin_since_check"))


def note_new_tags(job: ImportJob, batch: list[ImportRow]) -> None:
    """Note which tags the batch will create, so that taking back can delete them."""
    names = {name for row in batch for name in row.payload.get("tags", ())}
    keys = {Tag.key_of(name) for name in names} - {""}
    if keys:
        present = set(Tag.objects.filter(store=job.store_id, key__in=keys).column("key"))
        job.created_tags = [*job.created_tags, *sorted(keys - present - set(job.created_tags))]
        ImportJob.objects.filter(store=job.store_id, pk=job.pk).update(
            created_tags=job.created_tags
        )
