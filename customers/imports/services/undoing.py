"""Take an import back: created customers go, changed ones get back what nobody changed since."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress

from django.utils import timezone

from customers.imports.models import Action, ImportJob, ImportRow, Outcome, State
from customers.imports.services import syncing
from customers.imports.services.leases import release, renew
from customers.imports.services.restoring import Kept, take_back_created, take_back_updated
from customers.imports.services.running import BATCH, BREATH
from customers.imports.services.writing_many import TOGETHER
from customers.models import CustomerTag, Tag
from customers.services.deleting_many import lock_unchanged, soft_delete_customers
from customers.services.editing import unit_of_work
from customers.services.tags import delete_tag
from stores.database.batches import in_parts
from stores.errors import DomainError, NotFound

TO_TAKE_BACK = (Outcome.WRITTEN, Outcome.KEPT)  # nothing of a kept one went back: it is tried again


def undo(job: ImportJob, token: uuid.UUID) -> None:
    """Take back what a leased job still has to take back, the last row first."""
    done = job.progress
    for batch in written(job):
        gone = take_back_together(job, [row for row in batch if is_only_a_customer(row)])
        for row in batch:
            if row.pk not in gone:
                take_back(job, row)
        done += len(batch)
        renew(job, token, progress=done)
        time.sleep(BREATH)
    delete_unused_tags(job)
    release(job, token, state=State.UNDONE, undone_at=timezone.now())


def written(job: ImportJob) -> Iterator[list[ImportRow]]:
    """Yield the rows that were written and not taken back, the last first, in batches."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job, outcome__in=TO_TAKE_BACK)
    last = 2**31
    while batch := list(rows.filter(line__lt=last).order_by("-line")[:BATCH]):
        yield batch
        last = batch[-1].line


def is_only_a_customer(row: ImportRow) -> bool:
    """Return whether the run created a customer and posted nothing."""
    return row.action == Action.CREATE and not row.result.get("entry")


def take_back_together(job: ImportJob, rows: list[ImportRow]) -> set[int]:
    """Delete the created customers that nobody has touched, some at a time. Return the keys of their rows."""
    gone: set[int] = set()
    for part in in_parts(rows, TOGETHER):
        # Where the book refuses one of them, each is taken back by itself, and says why it stays.
        with suppress(DomainError):
            gone |= delete_together(job, part)
    return gone


def delete_together(job: ImportJob, rows: list[ImportRow]) -> set[int]:
    """Delete the customers whom nobody has changed since, and note it in their rows. Return the rows' keys."""
    by_customer = {row.customer_id or 0: row for row in rows}
    with unit_of_work():
        versions = {pk: row.version_after or 0 for pk, row in by_customer.items()}
        keys = lock_unchanged(job.store, versions)
        if not keys:
            return set()
        if job.source_id:
            syncing.forget(job, keys)
        # By the rows' own keys: no index finds the rows of a customer.
        gone = {by_customer[pk].pk for pk in keys}
        taken_back = ImportRow.objects.filter(store=job.store_id, pk__in=gone)
        taken_back.update(outcome=Outcome.UNDONE, kept=[])
        # The events come last: they lock the store for all its writers.
        soft_delete_customers(job.store, job.writer, keys)
    return gone


def take_back(job: ImportJob, row: ImportRow) -> None:
    """Take one row back in a transaction of its own, together with its result."""
    restore = take_back_created if row.action == Action.CREATE else take_back_updated
    try:
        with unit_of_work():
            kept = restore(job, row)
            if job.source_id:
                syncing.restore_id(job, row, is_whole=not kept)
            save(row, kept)
    except NotFound:
        save(row, [Kept("", "The customer is gone already.")])
    except DomainError as refusal:
        save(row, [Kept("", f"The book refused it: {refusal.code.replace('_', ' ')}.")])


def save(row: ImportRow, kept: list[Kept]) -> None:
    row.kept = [[one.what, one.text] for one in kept]
    row.outcome = Outcome.UNDONE if not kept else Outcome.KEPT
    if kept and all(one.what for one in kept):
        row.outcome = Outcome.PARTLY
    ImportRow.objects.filter(store=row.store_id, pk=row.pk).update(
        outcome=row.outcome, kept=row.kept
    )


def delete_unused_tags(job: ImportJob) -> None:
    """Delete the tags that the run created, where no customer has them but those who are deleted."""
    tags = Tag.objects.filter(store=job.store_id, key__in=job.created_tags)
    for pk in tags.column("pk"):
        tagged = CustomerTag.objects.filter(store=job.store_id, tag=pk)
        if not tagged.filter(customer__deleted_at=None).exists():
            delete_tag(Tag.objects.filter(store=job.store_id, pk=pk), job.writer)
