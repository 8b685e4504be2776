"""The charges of house accounts, added up anew from the ledger and held against those in the book."""

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
    """One charge: when it is due, what it comes to and what of it is open."""

    due_on: date
    amount: Decimal = ZERO
    open_amount: Decimal = ZERO


ExpectedCharges = dict[uuid.UUID, ExpectedCharge]


@dataclass(frozen=True)
class ChargeDifference:
    """A customer whose charges are not those that its ledger says."""

    customer: Customer

    def __str__(self) -> str:
        return (
            f"customer {self.customer.uid} of {self.customer.store}: "
            "what is open of its charges is not what its entries say"
        )


def charge_differences(store: Store | None = None) -> Iterator[ChargeDifference]:
    accounts = Customer.objects.for_store(store).values("pk", "store_id", "account_balance")
    for rows in batches(accounts):
        own = {"customer_id__gte": rows[0]["pk"], "customer_id__lte": rows[-1]["pk"]}
        recorded = recorded_charges(Charge.objects.for_store(store).filter(**own))
        expected = expectations(LedgerEntry.objects.for_store(store).filter(**own), recorded)
        for row in rows:
            account = allocate_open(expected.get(row["pk"], {}), row["account_balance"])
            if account != recorded.get(row["pk"], {}):
                yield from recheck_locked(row["store_id"], row["pk"])


def recheck_locked(store_id: int, pk: int) -> list[ChargeDifference]:
    """The difference of one customer while nobody can change it."""
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store_id, pk=pk))
        recorded = recorded_charges(charges_of(customer))
        true = expected_of(customer, recorded) == recorded.get(pk, {})
    return [] if true else [ChargeDifference(customer)]


def repair_charges(found: ChargeDifference) -> None:
    """Makes the charges of a customer anew from its ledger."""
    with transaction.atomic():
        customer = lock(found.customer.as_queryset())
        expected = expected_of(customer, recorded_charges(charges_of(customer)))
        charges_of(customer).delete()
        Charge.objects.bulk_create(
            Charge(store=customer.store, customer=customer, uid=uid, **vars(charge))
            for uid, charge in expected.items()
        )


def expected_of(customer: Customer, recorded: dict[int, ExpectedCharges]) -> ExpectedCharges:
    entries = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    return allocate_open(
        expectations(entries, recorded).get(customer.pk, {}), customer.account_balance
    )


def expectations(
    entries: QuerySet[LedgerEntry], recorded: dict[int, ExpectedCharges]
) -> dict[int, ExpectedCharges]:
    """What was charged, in the order of the entries, by the key of the customer; nothing is open yet.

    What `recorded` says counts for the days that only the store knew.
    """
    found: dict[int, ExpectedCharges] = defaultdict(dict)
    named = Order.objects.filter(store=OuterRef("store"), uid=OuterRef("order_uid"))
    booked = entries.filter(OF_ORDER | Q(amount__gt=0), account=Account.HOUSE)
    of = Case(When(OF_ORDER, then="order_uid"), default="uid")
    due_on = Subquery(named.values("due_on"))
    rows = booked.annotate(of=of, due_on=due_on).order_by("pk")
    columns = ("customer_id", "of", "amount", "created_at", "due_on")
    for customer, uid, amount, at, due in rows.values_list(*columns):
        day = due or posted_on(at, recorded.get(customer, {}).get(uid))
        charge = found[customer].setdefault(uid, ExpectedCharge(day))
        charge.amount += amount
    return found


def posted_on(at: datetime, charge: ExpectedCharge | None) -> date:
    """The day of a posting: its charge's, if it was that day anywhere, for stores change their time zones."""
    utc = at.astimezone(UTC)
    days = {(utc + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}
    return charge.due_on if charge and charge.due_on in days else utc.date()


def allocate_open(account: ExpectedCharges, balance: Decimal) -> ExpectedCharges:
    """The same charges, those due last open up to the balance."""
    left = max(balance, ZERO)
    newest_first = [*account.values()][::-1]
    for charge in sorted(newest_first, key=lambda charge: charge.due_on, reverse=True):
        charge.open_amount = min(max(charge.amount, ZERO), left)
        left -= charge.open_amount
    return account


def recorded_charges(charges: QuerySet[Charge]) -> dict[int, ExpectedCharges]:
    found: dict[int, ExpectedCharges] = defaultdict(dict)
    for charge in charges:
        found[charge.customer_id][charge.uid] = ExpectedCharge(
            charge.due_on, charge.amount, charge.open_amount
        )
    return found
