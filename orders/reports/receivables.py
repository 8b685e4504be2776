"""What customers owed at the end of any day, by its age: by customer and by document, with unused credit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import Account
from orders.ageing import AGING_BUCKETS, bucket_of
from orders.models import Order
from orders.open_charges import end_of, open_on
from orders.reports.columns import Column, Kind, money
from orders.reports.open_sums import open_by_customer, open_sums
from orders.reports.report import Line, Report, Sums, exact
from stores.database.batches import in_parts
from stores.models import Store
from stores.models.base import TenantQuerySet

ZERO = Decimal(0)
BATCH_SIZE = 500
LABELS = tuple(label for label, _, _ in AGING_BUCKETS.values())
BY_CUSTOMER = (
    Column("Customer"),
    *map(money, LABELS),
    money("Owed"),
    money("Unused credit"),
    money("Balance"),
)
BY_DOCUMENT = (
    Column("Document"),
    Column("Customer"),
    Column("Posted", Kind.DAY),
    Column("Due", Kind.DAY),
    Column("Days overdue", Kind.COUNT),
    money("Amount"),
    *map(money, LABELS),
    money("Open"),
)


def ageing_by_customer(store: Store, day: date) -> Report:
    """Report each customer's open charges by age, unused credit and balance, at the end of `day`."""
    ages = open_sums(store, day)
    owed, balance = sum(ages, ZERO), balance_on(store, day)
    return Report(
        f"Owed on {day:%-d %B %Y}, by customer",
        store,
        BY_CUSTOMER,
        lambda most: customer_rows(store, day, most),
        [Sums(store.currency, (None, *ages, owed, owed - balance, balance))],
        ("Owed less unused credit is the balance of the ledger on that day.",),
    )


def ageing_by_document(store: Store, day: date) -> Report:
    """Report each charge that was open at the end of `day`, with its age."""
    ages = open_sums(store, day)
    return Report(
        f"Owed on {day:%-d %B %Y}, by document",
        store,
        BY_DOCUMENT,
        lambda most: document_rows(store, day, most),
        [Sums(store.currency, (None, None, None, None, None, None, *ages, sum(ages, ZERO)))],
    )


# --- open charges


def customer_rows(store: Store, day: date, most: int | None) -> Iterator[Line]:
    """Yield those who owe most first, then those who only have credit."""
    rows = open_by_customer(store, day, most)
    for batch in in_parts(rows, BATCH_SIZE):
        customers = balances_of(store, day, [key for key, _ in batch])
        for key, ages in batch:
            name, balance = customers[key]
            owed = sum(ages, ZERO)
            yield (name, *ages, owed, owed - balance, balance)
    if most is None or len(rows) < most:
        yield from credit_rows(store, day, {key for key, _ in rows}, most and most - len(rows))


def credit_rows(store: Store, day: date, owing: set[int], most: int | None) -> Iterator[Line]:
    """Yield the customers who had credit and owed nothing."""
    found = 0
    for key, name, balance in balances_below_zero(store, day):
        if key not in owing:
            yield (name, *[ZERO] * (len(AGING_BUCKETS) + 1), -balance, balance)
            found += 1
            if found == most:
                return


def document_rows(store: Store, day: date, most: int | None) -> Iterator[Line]:
    """Yield open charges, those due first at first."""
    charges, amount = Charge.objects.for_store(store), "open_then"
    if day >= timezone.localdate(timezone=store.tzinfo):
        charges, amount = charges.filter(open_amount__gt=0), "open_amount"
    else:
        charges = open_on(charges, day, store.tzinfo)
    columns = ("uid", "customer__name", "posted_at", "due_on", "amount", amount)
    rows = list(charges.order_by("due_on", "id").values_list(*columns)[:most])
    for batch in in_parts(rows, BATCH_SIZE):
        numbers = order_numbers(store, [row[0] for row in batch])
        for uid, name, posted_at, due_on, total, left in batch:
            days, age = (day - due_on).days, bucket_of(due_on, day)
            ages = [exact(left) if bucket == age else ZERO for bucket in AGING_BUCKETS]
            posted = timezone.localdate(posted_at, store.tzinfo)
            document = numbers.get(uid, "Charge")
            yield (document, name, posted, due_on, max(days, 0), total, *ages, exact(left))


def order_numbers(store: Store, uids: list[Any]) -> dict[Any, str]:
    orders = Order.objects.for_store(store).filter(uid__in=uids)
    return dict(orders.values_list("uid", "number"))


# --- balances


def entries_after(store: Store, day: date) -> TenantQuerySet[LedgerEntry]:
    """Return the postings to house accounts that did not count yet at the end of the day.

    A payment counts from the day of the bank, which is never after its posting.
    """
    entries = LedgerEntry.objects.for_store(store).filter(account=Account.HOUSE)
    later = entries.filter(created_at__gte=end_of(day, store.tzinfo))
    return later.filter(Q(paid_on=None) | Q(paid_on__gt=day))


def balance_on(store: Store, day: date) -> Decimal:
    """Return the sum of all balances of the store at the end of the day."""
    accounts = Customer.objects.for_store(store).exclude(account_balance=0).order_by()
    later = entries_after(store, day).order_by().aggregate(sum=Sum("amount"))["sum"]
    return exact(accounts.aggregate(sum=Sum("account_balance"))["sum"]) - exact(later)


def balances_of(store: Store, day: date, keys: list[int]) -> dict[int, tuple[str, Decimal]]:
    """Return names and balances of customers at the end of the day."""
    later = later_sums(entries_after(store, day).filter(customer__in=keys))
    customers = Customer.objects.for_store(store).filter(pk__in=keys)
    return {
        key: (name, balance - later.get(key, ZERO))
        for key, name, balance in customers.values_list("pk", "name", "account_balance")
    }


def later_sums(entries: TenantQuerySet[LedgerEntry]) -> dict[int, Decimal]:
    sums = entries.order_by().values_list("customer").annotate(sum=Sum("amount"))
    return {key: exact(amount) for key, amount in sums}


def balances_below_zero(store: Store, day: date) -> Iterator[tuple[int, str, Decimal]]:
    """Yield the customers who were in credit at the end of the day, by key."""
    later = later_sums(entries_after(store, day))
    customers = Customer.objects.for_store(store).order_by("pk")
    now = customers.filter(account_balance__lt=0).values_list("pk", "name", "account_balance")
    rows = {key: (name, balance) for key, name, balance in now}
    others = [key for key in later if key not in rows]
    for batch in in_parts(others, BATCH_SIZE):
        found = customers.filter(pk__in=batch)
        for key, name, balance in found.values_list("pk", "name", "account_balance"):
            rows[key] = name, balance
    for key in sorted(rows):
        name, balance = rows[key]
        if (then := balance - later.get(key, ZERO)) < 0:
            yield key, name, then
