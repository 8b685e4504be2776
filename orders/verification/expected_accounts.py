"""What charges and credits of a customer follow from its entries and allocations."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from customers.models.ledger import OF_ORDERS, REDUCTIONS
from orders.models.allocation import AllocationKind
from orders.verification.account_rows import AccountRows
from orders.verification.comparing import as_text, compare
from orders.verification.former_days import former_due_on, former_paid_on
from orders.verification.moved_rows import Values

ZERO = Decimal(0)
CHARGE_WORDS, CREDIT_WORDS = "the charge {uid}", "the credit {uid}"


def faults_of_account(account: AccountRows, store_id: int, balance: object) -> Iterator[str]:
    """Yield what is wrong with the charges, credits and allocations of a customer."""
    yield from faults_of_stores(account, store_id)
    yield from faults_of_allocations(account)
    charges, credits = expected_charges(account), expected_credits(account)
    yield from compare(CHARGE_WORDS, charges, account.charges)
    yield from compare(CREDIT_WORDS, credits, account.credits)
    owed = sum((row["open_amount"] for row in account.charges), ZERO)
    unused = sum((row["open_amount"] for row in account.credits), ZERO)
    if owed - unused != balance:
        sums = f"{as_text(owed)} is open and {as_text(unused)} is not allocated"
        yield f"{sums}, but the balance is {as_text(balance)}"
    if owed and unused:
        yield f"{as_text(unused)} is not allocated while {as_text(owed)} is open"


def faults_of_stores(account: AccountRows, store_id: int) -> Iterator[str]:
    for table, rows in vars(account).items():
        if any(row["store_id"] != store_id for row in rows):
            yield f"some of its {table} are of another store"


def faults_of_allocations(account: AccountRows) -> Iterator[str]:
    """Yield allocations between charges and credits that are not the customer's, or of a wrong kind."""
    charges = {row["pk"]: row for row in account.charges}
    credits = {row["pk"]: row for row in account.credits}
    for row in account.allocations:
        charge, credit = charges.get(row["charge_id"]), credits.get(row["credit_id"])
        if charge is None or credit is None:
            yield "an allocation is not between its own charges and credits"
        elif row["kind"] != kind_of(credit, charge):
            yield f"an allocation to {charge['uid']} is no {row['kind']}"


def kind_of(credit: Values, charge: Values) -> str:
    is_reduction = credit["is_reduction"] and credit["order_uid"] == charge["uid"]
    return AllocationKind.REDUCTION if is_reduction else AllocationKind.PAYMENT


def is_of_order(entry: Values) -> bool:
    return entry["order_uid"] is not None and entry["reason"] in OF_ORDERS


def expected_charges(account: AccountRows) -> dict[uuid.UUID, Values]:
    """Return the charges by their uid, as they follow from entries and allocations."""
    recorded, orders = {row["uid"]: row for row in account.charges}, account.orders_by_uid()
    paid, days = sums_of(account, "charge_id"), last_days(account)
    charges: dict[uuid.UUID, Values] = {}
    for entry in account.entries:
        if entry["amount"] < 0 or entry["reverses_uid"]:
            continue
        uid = entry["order_uid"] if is_of_order(entry) else entry["uid"]
        order, row = orders.get(uid), recorded.get(uid)
        charge = charges.setdefault(
            uid,
            {
                "is_of_order": is_of_order(entry),
                "posted_at": entry["created_at"],
                "due_on": order["due_on"]
                if order
                else entry["due_on"] or former_due_on(entry, row, orders),
                "amount": ZERO,
            },
        )
        charge["amount"] += entry["amount"]
    for uid, charge in charges.items():
        pk = recorded[uid]["pk"] if uid in recorded else None
        charge["open_amount"] = charge["amount"] - paid[pk]
        charge["settled_on"] = None if charge["open_amount"] else days.get(pk)
    return charges


def expected_credits(account: AccountRows) -> dict[uuid.UUID, Values]:
    """Return the credits by their uid, as they follow from entries and allocations."""
    recorded = {row["uid"]: row for row in account.credits}
    reversed_uids = {entry["reverses_uid"] for entry in account.entries}
    used = sums_of(account, "credit_id")
    credits: dict[uuid.UUID, Values] = {}
    for entry in account.entries:
        if entry["amount"] > 0:
            continue
        uid, row = entry["uid"], recorded.get(entry["uid"])
        amount = ZERO if uid in reversed_uids else -entry["amount"]
        credits[uid] = {
            "order_uid": entry["order_uid"],
            "is_reduction": is_of_order(entry) and entry["reason"] in REDUCTIONS,
            "paid_on": entry["paid_on"] or former_paid_on(entry, row),
            "amount": amount,
            "open_amount": amount - used[row["pk"] if row else None],
        }
    return credits


def sums_of(account: AccountRows, key: str) -> dict[int | None, Decimal]:
    """Return what is allocated by the key of the charge or of the credit."""
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for row in account.allocations:
        sums[row[key]] += row["amount"]
    return sums


def last_days(account: AccountRows) -> dict[int | None, date]:
    """Return the day of the last allocation by the key of the charge."""
    days: dict[int | None, date] = {}
    for row in account.allocations:
        charge = row["charge_id"]
        days[charge] = max(days.get(charge, row["effective_on"]), row["effective_on"])
    return days
