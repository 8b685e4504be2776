"""The credit notes of a period, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orders.credit_notes.rows import payments_of
from orders.credit_notes.shares import Shares, split_notes
from orders.models import CreditNote, Payment
from orders.reports.columns import CURRENCY, Column, Kind, money
from orders.reports.period import Period
from orders.reports.report import Line, Report, sums_of_currencies
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
    money("Goods"),
    money("Discount"),
    money("Shipping"),
    money("Tax"),
    money("Rounding"),
    money("Taken off what was owed"),
    money("Given back"),
    money("Amount"),
)
NOTES = (
    "A refund of a cancelled order has none: the cancellation took the order back.",
    "Goods to rounding add up to the amount. An amount without lines has its part of each.",
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
        NOTES,
    )


def rows(period: Period, notes: TenantQuerySet[CreditNote]) -> Iterator[Line]:
    ordered = notes.select_related("order__customer").order_by("year", "sequence")
    for part in in_parts(ordered):
        payments, splits = payments_of(part), split_notes({note.order for note in part})
        for note in part:
            paid = payments.get(note.credit_uid), payments.get(note.refund_uid)
            yield row_of(period, note, paid, splits[note.pk].shares)


def row_of(
    period: Period, note: CreditNote, paid: tuple[Payment | None, ...], shares: Shares
) -> Line:
    """Return the row of a note with its credit and its refund, of which it has at least one."""
    first = next((payment for payment in paid if payment), None)
    owed, returned = (payment.amount if payment else ZERO for payment in paid)
    parts = (shares.goods, -shares.discount, shares.shipping, shares.tax, shares.rounding)
    who, why = (first.actor_name, first.reason) if first else ("", "")
    day, order = period.day_of(note.created_at), note.order
    about = (note.number, day, order.number, order.customer.name, who, why, order.currency)
    return (*about, *parts, owed, returned, owed + returned)
