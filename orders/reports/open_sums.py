"""Sum up what was open at the end of a day, by customer and age, without a look at each charge.

What was open is what is open now, plus what was allocated since, less what was charged since: three sums.
`orders.open_charges` finds the single charges by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from customers.models import Charge, LedgerEntry
from customers.models.ledger import TRANSFERS, Account, settled_day
from orders.ageing import AGING_BUCKETS, due_within
from orders.models import Allocation, Payment
from orders.models.payment import PaymentKind
from orders.open_charges import end_of
from orders.reports.report import exact
from stores.models import Store

ZERO = Decimal(0)
LEAST = Decimal("0.0005")  # less is what SQLite's binary fractions leave of zero
NO_AGES = [ZERO] * len(AGING_BUCKETS)
AGES = [f"age_{place}" for place in range(len(AGING_BUCKETS))]


@dataclass(frozen=True)
class Part:
    """Rows whose amounts are a part of what was open, with the path to the due day of their charge."""

    rows: QuerySet[Any]
    amount: str
    due_on: str
    sign: int = 1

    def of_customers(self, keys: list[int]) -> Part:
        return replace(self, rows=self.rows.filter(customer__in=keys))

    def sums(self, day: date) -> dict[str, Any]:
        ages = zip(AGES, AGING_BUCKETS, strict=True)
        return {
            age: Sum(self.amount, filter=due_within(bucket, day, self.due_on))
            for age, bucket in ages
        }


def parts(store: Store, day: date) -> Iterator[Part]:
    charges = Charge.objects.for_store(store).filter(open_amount__gt=0).order_by()
    if day >= timezone.localdate(timezone=store.tzinfo):
        yield Part(charges, "open_amount", "due_on")
        return
    end = end_of(day, store.tzinfo)
    yield Part(charges.filter(posted_at__lt=end), "open_amount", "due_on")
    yield Part(allocated_later(store, day), "amount", "charge__due_on")
    for entries in charged_later(store, day):
        yield Part(entries, "amount", "due", sign=-1)


def allocated_later(store: Store, day: date) -> QuerySet[Any]:
    """Return the later allocations to charges that were there already."""
    end = end_of(day, store.tzinfo)
    later = Allocation.objects.for_store(store).filter(effective_on__gt=day)
    # That they were not settled follows. With it, the database joins far fewer charges.
    unsettled = later.alias(settled=settled_day("charge__settled_on")).filter(settled__gt=day)
    return unsettled.filter(charge__posted_at__lt=end).order_by()


def charged_later(store: Store, day: date) -> Iterator[QuerySet[Any]]:
    """Yield the later entries of charges that were there already.

    Orders are put on account in parts, and what a merge moved away can come back. Both are rare and have an
    index of their own: in one query, the database would read all later entries.
    """
    end = end_of(day, store.tzinfo)
    puts = Payment.objects.for_store(store).filter(
        kind=PaymentKind.CHARGE, created_at__gte=end - timedelta(days=1)
    )
    charge = Charge.objects.filter(
        store=store, customer=OuterRef("customer"), uid=OuterRef("order_uid"), posted_at__lt=end
    )
    entries = LedgerEntry.objects.for_store(store).filter(
        account=Account.HOUSE, amount__gt=0, created_at__gte=end
    )
    entries = entries.order_by().annotate(due=Subquery(charge.values("due_on")[:1]))
    known = entries.exclude(due=None)
    yield known.filter(reason="order", uid__in=puts.values("entry_uid"))
    yield known.filter(reason__in=TRANSFERS, order_uid__isnull=False)


def open_sums(store: Store, day: date) -> list[Decimal]:
    """Return what the store's customers owed at the end of the day, by age."""
    totals = [ZERO] * len(AGES)
    for part in parts(store, day):
        sums = part.rows.aggregate(**part.sums(day))
        totals = [
            total + part.sign * exact(sums[age]) for total, age in zip(totals, AGES, strict=True)
        ]
    return totals


def open_by_customer(store: Store, day: date, most: int | None) -> list[tuple[int, list[Decimal]]]:
    """Return what each customer owed at the end of the day, by age; those who owed most first."""
    first, *others = parts(store, day)
    if others and most is not None:
        keys = largest(store, day, most)
        first, *others = (part.of_customers(keys) for part in (first, *others))
    # Of today the database returns only as many as are asked for. Only what is returned is made exact:
    # a large store has a hundred thousand open accounts.
    owed = {key: ages for key, *ages in grouped(first, day, None if others else most)}
    for part in others:
        for key, *ages in grouped(part, day, None):
            pairs = zip(owed.get(key, NO_AGES), ages, strict=True)
            owed[key] = [(old or ZERO) + part.sign * (new or ZERO) for old, new in pairs]
    totals = [(sum(filter(None, ages), ZERO), key) for key, ages in owed.items()]
    ordered = sorted((-total, key) for total, key in totals if total > LEAST)
    return [(key, [exact(age) for age in owed[key]]) for _, key in ordered[:most]]


def largest(store: Store, day: date, most: int) -> list[int]:
    """Return the customers who owed most at the end of an earlier day, by their sums without ages."""
    owed = dict[int, Decimal]()
    for part in parts(store, day):
        rows: QuerySet[Any, Any] = part.rows.values("customer").annotate(owed=Sum(part.amount))
        for key, amount in rows.values_list("customer", "owed"):
            owed[key] = owed.get(key, ZERO) + part.sign * amount
    return nsmallest(most, owed, key=lambda key: (-owed[key], key))


def grouped(part: Part, day: date, most: int | None) -> QuerySet[Any, Any]:
    sums: QuerySet[Any, Any] = part.rows.values("customer").annotate(
        **part.sums(day), owed=Sum(part.amount)
    )
    return sums.order_by("-owed", "customer").values_list("customer", *AGES)[:most]
