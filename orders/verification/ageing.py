"""Compare what is owed today by age with what charges and their allocations say of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from customers.models import Charge
from orders.ageing import AGING_BUCKETS, due_within
from orders.models import Allocation
from orders.receivables import aging_buckets
from orders.reports.report import exact
from orders.verification.comparing import as_text
from stores.models import Store

TRIES = 3  # others may post between two queries: a difference that does not stay is none

Ages = dict[str, Decimal]


@dataclass(frozen=True)
class AgeDifference:
    """An age of a store's receivables that is not what its charges and allocations say."""

    store: Store
    age: str
    actual: Decimal
    expected: Decimal

    def __str__(self) -> str:
        said = f"{as_text(self.actual)}, its charges and allocations say {as_text(self.expected)}"
        return f"{self.age} of {self.store} is {said}"


def age_differences(store: Store | None = None) -> Iterator[AgeDifference]:
    """Yield every difference in one store or in all."""
    for each_store in Store.objects.filter(pk=store.pk) if store else Store.objects.order_by("pk"):
        today = timezone.localdate(timezone=each_store.tzinfo)
        for _ in range(TRIES):
            actual, expected = ages(each_store, today)
            if actual == expected:
                break
        else:
            for age in AGING_BUCKETS:
                if actual[age] != expected[age]:
                    yield AgeDifference(each_store, age, actual[age], expected[age])


def ages(store: Store, today: date) -> tuple[Ages, Ages]:
    """Return what is owed by age: as the columns of open amounts say, and as allocations say."""
    with transaction.atomic():
        actual = {bucket.name: bucket.amount for bucket in aging_buckets(store, today)}
        charges, allocations = Charge.objects.for_store(store), Allocation.objects.for_store(store)
        charged = charges.order_by().aggregate(**sums_by_age("due_on", today))
        paid = allocations.order_by().aggregate(**sums_by_age("charge__due_on", today))
    return actual, {age: exact(charged[age]) - exact(paid[age]) for age in AGING_BUCKETS}


def sums_by_age(due_on: str, today: date) -> dict[str, Sum]:
    return {age: Sum("amount", filter=due_within(age, today, due_on)) for age in AGING_BUCKETS}
