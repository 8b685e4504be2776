"""Figures of the house account for the credit score: charges without an order, and payments that came back.

Charges that no order put there, such as a till's, count as orders do: the same debt scores the same, whichever
door it came by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    Sum,
)
from django.db.models.functions import TruncMonth

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import WRITE_OFF, Account
from customers.reads import Row
from orders.models import Order, Payment
from orders.models.payment import VoidCause
from stores.database.compiled import BindParam, CompiledQuery
from stores.models.base import TenantQuerySet

STORE, CUSTOMER = (BindParam(name, BigIntegerField()) for name in ("store", "customer"))
TODAY = BindParam("today", DateField())
BOUNCES = (VoidCause.BOUNCED, VoidCause.CHARGEBACK)
IS_WRITE_OFF = Q(reason=WRITE_OFF)
COLUMNS = ("month", "paid", "lateness", "due", "overdue", "first", "last")
YEAR = timedelta(days=365)
ZONES = 256  # time zones whose query stays compiled


@dataclass
class ChargeFigures:
    """How often charges were paid, and how late; how many were due, and overdue; and their months."""

    paid: int = 0
    lateness: timedelta = timedelta(0)
    due: int = 0
    overdue: int = 0
    first_at: datetime | None = None
    months: dict[datetime, datetime] = field(default_factory=dict)
    """The last charge of each month."""

    def months_since(self, moment: datetime) -> set[date]:
        return {month.date() for month, last in self.months.items() if last >= moment}


def charges_without_order() -> TenantQuerySet[Charge]:
    """Return those of the customer that the parameters `STORE` and `CUSTOMER` name."""
    return Charge.objects.for_store(STORE).filter(customer_id=CUSTOMER, is_of_order=False)


def payments_taken_back() -> TenantQuerySet[Payment]:
    """Return the rows that take payments of orders back."""
    payments = Payment.objects.for_store(STORE).filter(voids_uid__isnull=False)
    return payments.filter(order__customer=CUSTOMER)


def lost_entries() -> TenantQuerySet[LedgerEntry]:
    """Return the entries that take payments without an order back, and those of debts written off."""
    entries = LedgerEntry.objects.for_store(STORE).filter(account=Account.HOUSE)
    lost = Q(reverses_uid__isnull=False, order_uid=None) | IS_WRITE_OFF
    return entries.filter(lost, customer_id=CUSTOMER)


def has_account_figures() -> Q:
    """Return the condition under which `charge_figures` or `bounces` find something."""
    rows = (charges_without_order(), payments_taken_back(), lost_entries())
    return reduce(or_, (Q(Exists(found)) for found in rows))


@lru_cache
def compiled_bounces(using: str) -> tuple[CompiledQuery, CompiledQuery]:
    payments = payments_taken_back().filter(cause__in=BOUNCES).values("cause")
    # A write-off that was taken back has two entries, which come to nothing.
    lost = Count("pk", filter=Q(reason__in=BOUNCES) | IS_WRITE_OFF & Q(amount__lt=0))
    regained = Count("pk", filter=IS_WRITE_OFF & Q(amount__gt=0))
    of_customer = lost_entries().values("customer_id").order_by("customer_id")
    entries = of_customer.annotate(count=lost - regained)
    return (
        CompiledQuery(
            payments.order_by("cause").annotate(count=Count("pk")).values_list("count"), using
        ),
        CompiledQuery(entries.values_list("count"), using),
    )


def bounces(customer: Customer) -> int:
    """Return how many payments of a customer the bank did not honour, and how many debts were written off."""
    params = {"store": customer.store_id, "customer": customer.pk}
    queries = compiled_bounces(Charge.objects.db)
    return sum(count for query in queries for (count,) in query.run(**params))


@lru_cache(maxsize=ZONES)
def compiled_charges(zone: ZoneInfo, using: str) -> CompiledQuery:
    paid = Q(settled_on__isnull=False)
    unpaid = Q(settled_on=None, due_on__lt=TODAY)
    late = ExpressionWrapper(F("settled_on") - F("due_on"), output_field=DurationField())
    months = charges_without_order().annotate(month=TruncMonth("posted_at", tzinfo=zone))
    figures = (
        months.values("month")
        .order_by("month")
        .annotate(
            paid=Count("pk", filter=paid),
            lateness=Sum(late, filter=paid),
            due=Count("pk", filter=paid | unpaid),
            overdue=Count("pk", filter=(paid & Q(settled_on__gt=F("due_on"))) | unpaid),
            first=Min("posted_at"),
            last=Max("posted_at"),
        )
    )
    return CompiledQuery(figures.values_list(*COLUMNS), using)


def charge_figures(customer: Customer, today: date) -> ChargeFigures:
    compiled = compiled_charges(customer.store.tzinfo, Charge.objects.db)
    params: dict[str, Any] = {"store": customer.store_id, "customer": customer.pk, "today": today}
    figures = ChargeFigures()
    for month, paid, lateness, due, overdue, first, last in compiled.run(**params):
        figures.paid += paid
        figures.lateness += lateness or timedelta(0)
        figures.due += due
        figures.overdue += overdue
        figures.first_at = figures.first_at or first
        figures.months[month] = last
    return figures


def account_figures(customer: Customer, figures: Row, today: date, now: datetime) -> Row:
    """Return the figures that change with charges without an order, and with bounces."""
    return with_charges(customer, figures, charge_figures(customer, today), now) | {
        "bounces": bounces(customer)
    }


def with_charges(customer: Customer, figures: Row, charges: ChargeFigures, now: datetime) -> Row:
    if charges.first_at is None:
        return {}
    first = [moment for moment in (customer.first_order_at, charges.first_at) if moment]
    paid = figures["paid"] + charges.paid
    late = (figures["lateness"] or timedelta(0)) * figures["paid"] + charges.lateness
    return {
        "first_at": min(first),
        "lateness": late / paid if paid else None,
        "due": figures["due"] + charges.due,
        "overdue": figures["overdue"] + charges.overdue,
        "active_months": len(order_months(customer, now) | charges.months_since(now - YEAR)),
    }


def order_months(customer: Customer, now: datetime) -> set[date]:
    """Return the first days of the months of the last year with an order."""
    orders = Order.objects.filter(store=customer.store_id, customer=customer).counting()
    month = TruncMonth("placed_at", tzinfo=customer.store.tzinfo)
    months = orders.filter(placed_at__gte=now - YEAR).order_by().values_list(month).distinct()
    return {month.date() for (month,) in months}
