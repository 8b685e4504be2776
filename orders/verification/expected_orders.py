"""What the amounts of orders follow from: payments, and allocations to their charges."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from orders.models import Order
from orders.models.allocation import AllocationKind
from orders.models.payment import PaymentKind
from orders.services.payment_state import payment_status
from orders.verification.account_rows import AccountRows
from orders.verification.comparing import as_text
from orders.verification.moved_rows import Values


def faults_of_orders(account: AccountRows) -> Iterator[str]:
    """Yield what is wrong with the amounts of the customer's orders."""
    open_amounts = {row["uid"]: row["open_amount"] for row in account.charges if row["is_of_order"]}
    paid, payments = paid_amounts(account), sums_by_kind(account.payments)
    for order in account.orders:
        expected = {
            "paid_amount": paid[order["uid"]],
            "refunded_amount": payments[order["pk"], PaymentKind.REFUND],
            "credited_amount": payments[order["pk"], PaymentKind.CREDIT],
            "charged_amount": open_amounts.get(order["uid"], Decimal(0)),
        }
        for column, value in expected.items():
            if order[column] != value:
                said = f"{column} is {as_text(order[column])}, it should be {as_text(value)}"
                yield f"order {order['number']}: {said}"
        if fault := status_fault(order):
            yield f"order {order['number']}: {fault}"
    yield from faults_of_payments(account)


def paid_amounts(account: AccountRows) -> dict[uuid.UUID, Decimal]:
    """Return by order what was paid beside the account, and what is allocated to its charge."""
    charges = {row["pk"]: row["uid"] for row in account.charges}
    uids = {order["pk"]: order["uid"] for order in account.orders}
    paid: dict[uuid.UUID | None, Decimal] = defaultdict(Decimal)
    for (pk, kind), amount in sums_by_kind(account.payments).items():
        sign = {PaymentKind.PAYMENT: 1, PaymentKind.VOID: -1}.get(PaymentKind(kind), 0)
        paid[uids[pk]] += sign * amount
    entries = (*account.entries, *account.moved_entries)
    for entry in entries:  # payments that the account took are among the allocations
        if entry["order_uid"] and (entry["reason"] == "payment" or entry["reverses_uid"]):
            paid[entry["order_uid"]] += entry["amount"]
    for row in account.allocations:
        if row["kind"] == AllocationKind.PAYMENT:
            paid[charges.get(row["charge_id"])] += row["amount"]
    for row in account.moved_allocations:
        if row["kind"] == AllocationKind.PAYMENT:
            paid[row["order_uid"]] += row["amount"]
    return paid  # type: ignore[return-value] # the key None is never asked for


def sums_by_kind(payments: list[Values]) -> dict[tuple[int, str], Decimal]:
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for row in payments:
        sums[row["order_id"], row["kind"]] += row["amount"]
    return sums


def status_fault(order: Values) -> str | None:
    columns = ("status", "total", "paid_amount", "refunded_amount", "credited_amount")
    status = payment_status(Order(**{name: order[name] for name in columns}))
    if order["payment_status"] != status:
        return f"payment_status is {order['payment_status']}, its amounts say {status}"
    is_paid = order["total"] == order["paid_amount"] + order["credited_amount"]
    if (order["paid_at"] is not None) != is_paid:
        return f"paid_at is {order['paid_at']}, but its amounts say {status}"
    return None


def faults_of_payments(account: AccountRows) -> Iterator[str]:
    """Yield payments whose entry, or whose payment that they take back, is not there."""
    entries = {entry["uid"] for entry in (*account.entries, *account.moved_entries)}
    payments = {row["uid"] for row in account.payments}
    for row in account.payments:
        if row["entry_uid"] and row["entry_uid"] not in entries:
            yield f"the payment {row['uid']} has no entry"
        if row["voids_uid"] and row["voids_uid"] not in payments:
            yield f"the payment {row['uid']} takes back an unknown payment"
