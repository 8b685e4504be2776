"""Sum up what customers owe on their house accounts, by its age.

What is open of a charge is what payments are not allocated to (see `orders.services.allocating`). The age of a
charge is the days since it was due. Therefore the buckets of a customer always add up to its balance, and those
of a store to its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum

from customers.models import Charge, Customer
from customers.money import round_half_up
from stores.models import Store

# name: label, least and most days overdue; None for no bound
AGING_BUCKETS: dict[str, tuple[str, int | None, int | None]] = {
    "current": ("Not due yet", None, 0),
    "1-30": ("1–30 days", 1, 30),
    "31-60": ("31–60 days", 31, 60),
    "61-90": ("61–90 days", 61, 90),
    "over-90": ("Over 90 days", 91, None),
}
ANY_AGE = "any"  # all buckets but the first


@dataclass(frozen=True)
class AgingBucket:
    """The money that is overdue by a range of days."""

    name: str
    label: str
    amount: Decimal


def aging_buckets(store: Store, today: date) -> list[AgingBucket]:
    """Return what the store's customers owe, by age. It adds up to the positive balances of its accounts."""
    return in_buckets(open_by_due_day(store), today)


def in_buckets(amounts: Iterable[tuple[date, Decimal]], today: date) -> list[AgingBucket]:
    """Sum up amounts, each with its due day, by age."""
    owed = dict.fromkeys(AGING_BUCKETS, Decimal(0))
    for due_on, amount in amounts:
        owed[bucket_of(due_on, today)] += amount
    return [
        AgingBucket(name, AGING_BUCKETS[name][0], round_half_up(owed[name]))
        for name in AGING_BUCKETS
    ]


def open_by_due_day(store: Store) -> QuerySet[Charge, Any]:
    days = Charge.objects.for_store(store).filter(open_amount__gt=0).order_by().values("due_on")
    return days.annotate(amount=Sum("open_amount")).values_list("due_on", "amount")


def bucket_of(due_on: date, today: date) -> str:
    days = (today - due_on).days
    return next(
        name for name, (_, _, most) in AGING_BUCKETS.items() if most is None or days <= most
    )


def overdue(customer: Customer, today: date) -> tuple[Decimal, date | None]:
    """Return what a customer owes past its due day, and the oldest of these days."""
    charges = Charge.objects.filter(store=customer.store_id, customer=customer, open_amount__gt=0)
    late = charges.filter(due_on__lt=today).aggregate(sum=Sum("open_amount"), oldest=Min("due_on"))
    return late["sum"] or Decimal(0), late["oldest"]


def owes_in_bucket(age: str, today: date) -> Exists:
    """Return the condition for customers who owe money in this bucket, or overdue money of ANY_AGE."""
    open_charges = Charge.objects.filter(
        store=OuterRef("store"), customer=OuterRef("pk"), open_amount__gt=0
    )
    return Exists(open_charges.filter(due_within(age, today)))


def due_within(age: str, today: date, due_on: str = "due_on") -> Q:
    """Return the condition for due days in this bucket; `due_on` is the path to their column."""
    _, least, most = ("", 1, None) if age == ANY_AGE else AGING_BUCKETS[age]
    within = Q()
    if least is not None:
        within &= Q((f"{due_on}__lte", today - timedelta(days=least)))
    if most is not None:
        within &= Q((f"{due_on}__gte", today - timedelta(days=most)))
    return within


def prepaid_balance(store: Store) -> Decimal:
    """Return the money of customers who paid more than they owe."""
    accounts = Customer.objects.for_store(store).filter(account_balance__lt=0)
    return -(accounts.aggregate(sum=Sum("account_balance"))["sum"] or Decimal(0))
