"""The credit notes of a period, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
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
from stores.database.batches import in_parts
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
    for part in in_parts(ordered):
        payments = payments_of(part)
        for note in part:
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
