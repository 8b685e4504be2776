"""The age of a charge is the days since it was due. Buckets sum up charges of about one age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from customers.money import round_half_up

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


def in_buckets(amounts: Iterable[tuple[date, Decimal]], today: date) -> list[AgingBucket]:
    """Sum up amounts, each with its due day, by age."""
    owed = dict.fromkeys(AGING_BUCKETS, Decimal(0))
    for due_on, amount in amounts:
        owed[bucket_of(due_on, today)] += amount
    return [
        AgingBucket(name, AGING_BUCKETS[name][0], round_half_up(owed[name]))
        for name in AGING_BUCKETS
    ]


def bucket_of(due_on: date, today: date) -> str:
    days = (today - due_on).days
    return next(
        name for name, (_, _, most) in AGING_BUCKETS.items() if most is None or days <= most
    )


def due_within(age: str, today: date, due_on: str = "due_on") -> Q:
    """Return the condition for due days in this bucket; `due_on` is the path to their column."""
    _, least, most = ("", 1, None) if age == ANY_AGE else AGING_BUCKETS[age]
    within = Q()
    if least is not None:
        within &= Q((f"{due_on}__lte", today - timedelta(days=least)))
    if most is not None:
        within &= Q((f"{due_on}__gte", today - timedelta(days=most)))
    return within
