"""The credit notes of a period, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from orders.credit_notes.document import payments_of
from orders.models import CreditNote
from orders.reports.report import (
    CURRENCY,
    Column,
    Kind,
    Line,
    Period,
    Report,
    money,
    sums_of_currencies,
)
from stores.database.batches import BATCH_SIZE
from stores.models.base import TenantQuerySet

ZERO = Decimal(0)
COLUMNS = (
    Column("Number"),
    Column("Day", Kind.DAY),
    Column("Order"),
    Column("Customer"),
    Column("By"),
    Column("Reason"),
    CURRENCY,
    money("Taken off what was owed"),
    money("Given back"),
    money("Amount"),
)


def credit_notes(period: Period) -> Report:
    """Report the credit notes of a period, refunds included."""
    notes = CreditNote.objects.for_store(period.store).filter(period.holds("created_at"))
    lines = list(rows(period, notes))
    return Report(
        "Credit notes",
        period.store,
        COLUMNS,
        lambda most: lines[:most],
        sums_of_currencies(lines, COLUMNS.index(CURRENCY)),
        ("A refund of a cancelled order has none: the cancellation took the order back.",),
    )


def rows(period: Period, notes: TenantQuerySet[CreditNote]) -> Iterator[Line]:
    ordered = notes.select_related("order__customer").order_by("year", "sequence")
    for batch in in_batches(ordered):
        payments = payments_of(batch)
        for note in batch:
            credit, refund = payments.get(note.credit_uid), payments.get(note.refund_uid)
            owed, returned = (row.amount if row else ZERO for row in (credit, refund))
            first = credit or refund
            yield (
                note.number,
                period.day_of(note.created_at),
                note.order.number,
                note.order.customer.name,
                first.actor_name if first else "",
                first.reason if first else "",
                note.order.currency,
                owed,
                returned,
                owed + returned,
            )


def in_batches(notes: Iterable[CreditNote]) -> Iterator[list[CreditNote]]:
    """Yield the notes, so many at a time as one query may name."""
    batch: list[CreditNote] = []
    for note in notes:
        batch.append(note)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch
