"""Find who is to be reminded of what is overdue, and how urgently.

A customer gets the first reminder when the oldest open charge is so many days overdue, and each further one
when as many days passed since the last as lie between the two. The next debt begins again with the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from customers.models import Charge, Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.money import round_half_up
from orders.letters.recipients import addresses_of, owing_customers
from orders.letters.texts import Text, texts_of
from orders.models import Letter
from orders.models.letter import LetterState, Level
from stores.database.batches import in_parts
from stores.models import Store

REMINDERS = (Level.FIRST, Level.SECOND, Level.THIRD)
BATCH_SIZE = 500


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due: to whom, how urgent, since when something is overdue, and how much."""

    customer: Customer
    address: str  # blank when the customer has none
    level: int
    since: date
    overdue: Decimal


def due_reminders(
    store: Store,
    today: date,
    chosen: Collection[int] | None = None,
    *,
    among: CustomerQuerySet | None = None,
) -> list[Reminder]:
    """Return the reminders that a store should send today, by the customers' keys.

    Only of `chosen` customers, and of those in `among`.
    """
    texts = texts_of(store)
    late = late_customers(store, today, texts[Level.FIRST].days_overdue, among)
    debts = {row["customer"]: (row["since"], round_half_up(row["sum"])) for row in late}
    sent = sent_reminders(store)
    levels = {
        pk: level
        for pk, (since, _) in debts.items()
        if (chosen is None or pk in chosen)
        and (level := next_level(texts, since, sent.get((pk, since), {}), today))
    }
    reminders: list[Reminder] = []
    for batch in in_parts(sorted(levels), BATCH_SIZE):
        customers = list(owing_customers(store).filter(pk__in=batch).order_by("pk"))
        addresses = addresses_of(customers)
        reminders += [
            Reminder(one, addresses[one.pk], levels[one.pk], *debts[one.pk]) for one in customers
        ]
    return reminders


def late_customers(
    store: Store, today: date, days: int, among: CustomerQuerySet | None = None
) -> QuerySet[Charge, Any]:
    """Return a row for each customer who is so many days overdue: the oldest due day and the overdue sum."""
    charges = Charge.objects.for_store(store).filter(open_amount__gt=0, due_on__lt=today)
    if among is not None:
        charges = charges.filter(customer__in=among)
    debts = charges.order_by().values("customer").annotate(
        since=Min("due_on"), sum=Sum("open_amount")
    )  # fmt: skip
    return debts.filter(since__lte=today - timedelta(days=days))


def count_first_reminders(
    store: Store, today: date, customers: CustomerQuerySet
) -> tuple[int, Decimal]:
    """Return how many of these customers, who got no reminder yet, get the first one today, and its sum.

    The database counts: a store may have tens of thousands of them.
    """
    days = texts_of(store)[Level.FIRST].days_overdue
    late = late_customers(store, today, days, customers)
    sums = late.aggregate(count=Count("customer"), amount=Sum("sum"))
    return sums["count"], round_half_up(sums["amount"] or Decimal(0))


def reminded(customers: CustomerQuerySet, store: Store) -> CustomerQuerySet:
    """Return those of a store's customers who got a reminder, or who stand for somebody who did."""
    letters = counted_letters(store)
    merged = letters.filter(customer__merged_into__isnull=False)
    return customers.filter(
        Q(pk__in=letters.values("customer")) | Q(pk__in=merged.values("customer__merged_into"))
    )


def counted_letters(store: Store) -> QuerySet[Letter]:
    """Return the reminders that were sent or wait."""
    letters = Letter.objects.filter(store=store, level__gt=0, overdue_since__isnull=False)
    return letters.exclude(state__in=(LetterState.FAILED, LetterState.DROPPED))


def sent_reminders(store: Store) -> Mapping[tuple[int, date], dict[int, date]]:
    """Return by customer and debt the days of the reminders that were sent or wait, by their level.

    Those of a merged customer count for the survivor, who has its debts.
    """
    columns = ("customer", "customer__merged_into", "overdue_since", "level", "created_at")
    found: dict[tuple[int, date], dict[int, date]] = defaultdict(dict)
    rows = counted_letters(store).order_by("id").values_list(*columns)
    for customer, survivor, since, level, created_at in rows:
        day = timezone.localdate(created_at, store.tzinfo)
        found[survivor or customer, since][level] = day
    return found


def next_level(
    texts: Mapping[int, Text], since: date, sent: Mapping[int, date], today: date
) -> int | None:
    """Return the level of the reminder that is due, or None."""
    last = max(sent, default=0)
    level = last + 1
    if level not in REMINDERS:
        return None
    days = texts[level].days_overdue
    if (today - since).days < days:
        return None
    pause = days - texts[last].days_overdue if last else 0
    return level if not last or (today - sent[last]).days >= pause else None
