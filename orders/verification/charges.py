"""Compare the charges of house accounts with those that follow from the ledger."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import OF_ORDER, Account
from customers.services.charges import charges_of
from customers.services.editing import lock
from orders.models import Order
from stores.database.batches import batches
from stores.models import Store

ZERO = Decimal(0)


@dataclass
class ExpectedCharge:
    """A charge as it follows from the ledger: due day, amount and open amount."""

    due_on: date
    amount: Decimal = ZERO
    open_amount: Decimal = ZERO


ExpectedCharges = dict[uuid.UUID, ExpectedCharge]


@dataclass(frozen=True)
class ChargeDifference:
    """A customer whose charges do not follow from its ledger."""

    customer: Customer

    def __str__(self) -> str:
        return (
            f"customer {self.customer.uid} of {self.customer.store}: "
            "the open amounts of its charges do not follow from its entries"
        )


def charge_differences(store: Store | None = None) -> Iterator[ChargeDifference]:
    accounts = Customer.objects.for_store(store).values("pk", "store_id", "account_balance")
    for rows in batches(accounts):
        keys = {"customer_id__gte": rows[0]["pk"], "customer_id__lte": rows[-1]["pk"]}
        recorded = recorded_charges(Charge.objects.for_store(store).filter(**keys))
        expected = expectations(LedgerEntry.objects.for_store(store).filter(**keys), recorded)
        for row in rows:
            account = allocate_open(expected.get(row["pk"], {}), row["account_balance"])
            if account != recorded.get(row["pk"], {}):
                yield from recheck_locked(row["store_id"], row["pk"])


def recheck_locked(store_id: int, pk: int) -> list[ChargeDifference]:
    """Return the difference of one customer, compared again under its lock."""
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store_id, pk=pk))
        recorded = recorded_charges(charges_of(customer))
        is_right = expected_of(customer, recorded) == recorded.get(pk, {})
    return [] if is_right else [ChargeDifference(customer)]


def repair_charges(difference: ChargeDifference) -> None:
    """Replace the charges of a customer by those that follow from its ledger."""
    with transaction.atomic():
        customer = lock(difference.customer.as_queryset())
        expected = expected_of(customer, recorded_charges(charges_of(customer)))
        charges_of(customer).delete()
        Charge.objects.bulk_create(
            Charge(store=customer.store, customer=customer, uid=uid, **vars(charge))
            for uid, charge in expected.items()
        )


def expected_of(customer: Customer, recorded: dict[int, ExpectedCharges]) -> ExpectedCharges:
    """Return the charges of one customer as they follow from its ledger."""
    entries = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    return allocate_open(
        expectations(entries, recorded).get(customer.pk, {}), customer.account_balance
    )


def expectations(
    entries: QuerySet[LedgerEntry], recorded: dict[int, ExpectedCharges]
) -> dict[int, ExpectedCharges]:
    """Return the charges by the key of the customer, in the order of the entries, without open amounts.

    The day of a posting without an order was that of the store's time zone then. Take it from `recorded`.
    """
    charges: dict[int, ExpectedCharges] = defaultdict(dict)
    named = Order.objects.filter(store=OuterRef("store"), uid=OuterRef("order_uid"))
    booked = entries.filter(OF_ORDER | Q(amount__gt=0), account=Account.HOUSE)
    of = Case(When(OF_ORDER, then="order_uid"), default="uid")
    due_on = Subquery(named.values("due_on"))
    rows = booked.annotate(of=of, due_on=due_on).order_by("pk")
    columns = ("customer_id", "of", "amount", "created_at", "due_on")
    for customer, uid, amount, at, due in rows.values_list(*columns):
        day = due or posted_on(at, recorded.get(customer, {}).get(uid))
        charge = charges[customer].setdefault(uid, ExpectedCharge(day))
        charge.amount += amount
    return charges


def posted_on(at: datetime, charge: ExpectedCharge | None) -> date:
    """Return the day of a posting: its charge's day, if any time zone had it then, else the day in UTC.

    The store may have another time zone now.
    """
    utc = at.astimezone(UTC)
    days = {(utc + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}
    return charge.due_on if charge and charge.due_on in days else utc.date()


def allocate_open(account: ExpectedCharges, balance: Decimal) -> ExpectedCharges:
    """Open the charges that are due last, up to the balance. Return them."""
    unallocated = max(balance, ZERO)
    newest_first = [*account.values()][::-1]
    for charge in sorted(newest_first, key=lambda charge: charge.due_on, reverse=True):
        charge.open_amount = min(max(charge.amount, ZERO), unallocated)
        unallocated -= charge.open_amount
    return account


def recorded_charges(charges: QuerySet[Charge]) -> dict[int, ExpectedCharges]:
    """Return the saved charges by the key of the customer."""
    recorded: dict[int, ExpectedCharges] = defaultdict(dict)
    for charge in charges:
        recorded[charge.customer_id][charge.uid] = ExpectedCharge(
            charge.due_on, charge.amount, charge.open_amount
        )
    return recorded
