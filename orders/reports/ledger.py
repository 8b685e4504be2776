"""The postings to house accounts in a period, from the balance before it to the balance after it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.credit_notes.numbers import BLANK, number_of_entry
from orders.models import Order
from orders.reports.columns import Column, Kind, money
from orders.reports.period import Period
from orders.reports.report import Line, Report, Sums, exact
from orders.statements.words import REASONS
from stores.models import Store
from stores.models.base import TenantQuerySet

COLUMNS = (
    Column("Posted", Kind.MOMENT),
    Column("Customer"),
    Column("What"),
    Column("Order"),
    Column("Reference"),
    Column("By"),
    Column("Day of the bank", Kind.DAY),
    Column("Due", Kind.DAY),
    money("Amount"),
    money("Balance of the customer"),
)
WORDS = REASONS | {"refund": "Refund kept as credit"}


def ledger(period: Period) -> Report:
    """Report the postings of a period. Their sum is what the balances of the store changed by."""
    entries = house_entries(period).filter(period.holds("created_at"))
    change = exact(entries.order_by().aggregate(sum=Sum("amount"))["sum"])
    closing = closing_balance(period)
    currency = period.store.currency
    return Report(
        "Ledger",
        period.store,
        COLUMNS,
        lambda most: rows(entries, most, period.store),
        [Sums(currency, (*[None] * 8, change, None))],
        (
            f"All accounts together: {closing - change} {currency} before, {closing} {currency} after.",
        ),
    )


def house_entries(period: Period) -> TenantQuerySet[LedgerEntry]:
    return LedgerEntry.objects.for_store(period.store).filter(account=Account.HOUSE)


def closing_balance(period: Period) -> Decimal:
    """Return the sum of all balances at the end of the period."""
    accounts = Customer.objects.for_store(period.store).exclude(account_balance=0).order_by()
    now = exact(accounts.aggregate(sum=Sum("account_balance"))["sum"])
    later = house_entries(period).filter(created_at__gte=period.end).order_by()
    return now - exact(later.aggregate(sum=Sum("amount"))["sum"])


def rows(entries: TenantQuerySet[LedgerEntry], most: int | None, store: Store) -> Iterator[Line]:
    columns = (
        "created_at", "customer__name", "reason", "order", "credit_note", "notes", "actor_name",
        "paid_on", "due_on", "amount", "balance_after",
    )  # fmt: skip
    orders = Order.objects.filter(store=store, uid=OuterRef("order_uid")).order_by()
    numbered = entries.annotate(
        credit_note=number_of_entry(store),
        order=Coalesce(Subquery(orders.values("number")[:1]), BLANK),
    )
    ordered = numbered.order_by("created_at", "id").values_list(*columns)[:most]
    for at, name, reason, order, number, notes, *rest, amount, balance in ordered.iterator():
        posting = WORDS.get(reason, "Charge" if amount > 0 else "Payment")
        reference = " ".join(filter(None, (number, notes)))
        yield (at, name, posting, order, reference, *rest, amount, balance)
