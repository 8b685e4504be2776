"""Debts that the store gave up, and those that it hopes for again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from customers.models import LedgerEntry
from customers.models.ledger import WRITE_OFF
from orders.reports.columns import Column, Kind, money
from orders.reports.ledger import house_entries
from orders.reports.period import Period
from orders.reports.report import Line, Report, Sums, exact
from stores.models.base import TenantQuerySet

COLUMNS = (
    Column("Posted", Kind.MOMENT),
    Column("Customer"),
    Column("By"),
    Column("Reason"),
    money("Written off"),
)


def write_offs(period: Period) -> Report:
    """Report the write-offs of the period. One that was taken back has a second line, below zero."""
    entries = house_entries(period).filter(period.holds("created_at"), reason=WRITE_OFF)
    written_off = -exact(entries.order_by().aggregate(sum=Sum("amount"))["sum"])
    return Report(
        "Write-offs",
        period.store,
        COLUMNS,
        lambda most: rows(entries, most),
        [Sums(period.store.currency, (*[None] * 4, written_off))],
        ("Turnover does not fall by them: they are a loss, not a credit note.",),
    )


def rows(entries: TenantQuerySet[LedgerEntry], most: int | None) -> Iterator[Line]:
    columns = ("created_at", "customer__name", "actor_name", "notes", "amount")
    ordered = entries.order_by("created_at", "id").values_list(*columns)[:most]
    for *rest, amount in ordered.iterator():
        yield (*rest, -amount)
