"""Find what was owed at the end of a day, today or earlier: the balance, and the charges that were open.

Charges say what is open now. Allocations and entries of later days are undone from there: so a day in the near
past costs little more than today, and today costs nothing more.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import OF_ORDERS, Account, settled_day
from customers.money import round_half_up
from orders.models import Allocation
from orders.models.order import exact_amount
from stores.database.compiled import named_store
from stores.models.base import TenantQuerySet

AMOUNT: DecimalField[Any, Any] = DecimalField(max_digits=15, decimal_places=3)
ZERO = Value(Decimal(0), output_field=AMOUNT)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day ends in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def open_on(charges: TenantQuerySet[Charge], day: date, zone: ZoneInfo) -> TenantQuerySet[Charge]:
    """Return those of the charges that were open at the end of a day, with `open_then`: what was open of them.

    A payment counts from the day of the bank, and a charge from its posting in `zone`, the store's time zone.
    What customers had paid in advance is `open_then` of all their charges less their balance of that day.
    """
    end = end_of(day, zone)
    # The value, where there is one: Citus does not carry it into a subquery of the columns.
    store = named_store(charges.query) or OuterRef("store")
    allocations = Allocation.objects.filter(
        store=store, charge=OuterRef("pk"), effective_on__gt=day
    )
    # Most charges of orders have one entry. More were posted when the order was put on account in parts.
    entries = LedgerEntry.objects.filter(
        store=store,
        customer=OuterRef("customer"),  # a merge posts the order's charge to another customer
        order_uid=OuterRef("uid"),
        account=Account.HOUSE,
        reason__in=OF_ORDERS,
        reverses_uid=None,
        amount__gt=0,
        created_at__gte=end,
    )
    charged_later = Case(When(is_of_order=True, then=total(entries, "store")), default=ZERO)
    open_then = F("open_amount") + total(allocations, "charge") - charged_later
    open_charges = charges.alias(settled=settled_day()).filter(settled__gt=day, posted_at__lt=end)
    return open_charges.annotate(open_then=exact_amount(open_then)).filter(open_then__gt=0)


def total(rows: TenantQuerySet[Any], group: str) -> Coalesce:
    """Return the sum of the amounts of a subquery's rows, which all have the same value of `group`."""
    sums = rows.order_by().values(group).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), ZERO, output_field=AMOUNT)


def house_entries(customer: Customer) -> TenantQuerySet[LedgerEntry]:
    keys = {"store": customer.store_id, "customer": customer}
    return LedgerEntry.objects.filter(**keys, account=Account.HOUSE)


def entries_until(
    entries: TenantQuerySet[LedgerEntry], day: date, zone: ZoneInfo
) -> TenantQuerySet[LedgerEntry]:
    """Return the entries that count at the end of a day: charges by their posting, money by its day."""
    # Charges have no day of the bank, nor have payments of former releases.
    posted = Q(paid_on=None, created_at__lt=end_of(day, zone))
    return entries.filter(posted | Q(paid_on__lte=day))


def balance_on(customer: Customer, day: date) -> Decimal:
    """Return what a customer owed at the end of a day of the store; below zero what it had paid in advance."""
    entries = entries_until(house_entries(customer), day, customer.store.tzinfo)
    total: Decimal | None = entries.aggregate(sum=Sum("amount"))["sum"]
    return round_half_up(total or Decimal(0))
