"""Compare the times of orders with their status, with what paid them, and with their customer."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from orders.models.order import Status
from orders.models.payment import PaymentKind
from orders.verification.account_rows import AccountRows
from orders.verification.moved_rows import Values

# Which times an order has in each status. The steps before it is shipped leave none.
TIMES = {
    Status.PENDING: set[str](),
    Status.CONFIRMED: set[str](),
    Status.PROCESSING: set[str](),
    Status.SHIPPED: {"shipped_at"},
    Status.DELIVERED: {"shipped_at", "delivered_at"},
    Status.CANCELLED: {"cancelled_at"},
}
NAMES = ("shipped_at", "delivered_at", "cancelled_at")
NOON = time(12, tzinfo=UTC)
ZONES = timedelta(hours=14)  # between noon somewhere and noon of UTC
TRANSACTION = timedelta(hours=1)  # at most, between a payment's row and its order's time


def faults_of_times(account: AccountRows, owner: Values) -> Iterator[str]:
    """Yield orders whose times do not follow. `owner` has the columns of their customer."""
    paid = Payments(account)
    for order in account.orders:
        for fault in faults_of(order, owner):
            yield f"order {order['number']}: {fault}"
        if order["paid_at"] is not None and not paid.was_paid_then(order):
            yield f"order {order['number']}: paid_at is {order['paid_at']}, nothing was paid then"


def faults_of(order: Values, owner: Values) -> Iterator[str]:
    recorded = {name for name in NAMES if order[name] is not None}
    if recorded != TIMES.get(order["status"]):
        yield f"its status is {order['status']}, its times are {sorted(recorded)}"
    for name in recorded:
        if order[name] < order["placed_at"]:
            yield f"{name} is before it was placed"
    if len(recorded) == 2 and order["delivered_at"] < order["shipped_at"]:
        yield "delivered_at is before it was shipped"
    if not is_withdrawn_with(order, owner):
        yield f"withdrawn_at is {order['withdrawn_at']}, its customer's is {owner['withdrawn_at']}"


def is_withdrawn_with(order: Values, owner: Values) -> bool:
    """Return whether order and customer were deleted together, or neither.

    Erasure withdraws the customer alone, as of its deletion.
    """
    if order["withdrawn_at"] is None:
        return owner["withdrawn_at"] in (None, owner["deleted_at"])
    return bool(order["withdrawn_at"] == owner["withdrawn_at"])


class Payments:
    """When something was paid or taken off, by order: moments of the rows, and days of the bank."""

    def __init__(self, account: AccountRows) -> None:
        self.moments: dict[uuid.UUID, set[datetime]] = defaultdict(set)
        self.days: dict[uuid.UUID, set[date]] = defaultdict(set)
        uids = {order["pk"]: order["uid"] for order in account.orders}
        for row in account.payments:
            if row["kind"] != PaymentKind.REFUND:
                self.add(uids[row["order_id"]], row["created_at"], row["paid_on"])
        for row in (*account.entries, *account.moved_entries):
            if row["order_uid"]:
                self.add(row["order_uid"], row["created_at"], row.get("paid_on"))
        charges = {row["pk"]: row["uid"] for row in account.charges}
        for row in account.allocations:
            if row["charge_id"] in charges:
                self.add(charges[row["charge_id"]], row["created_at"], row["effective_on"])
        for row in account.moved_allocations:
            self.add(row["order_uid"], row["created_at"], row["effective_on"])

    def add(self, order: uuid.UUID, moment: datetime, day: date | None) -> None:
        self.moments[order].add(moment)
        if day is not None:
            self.days[order].add(day)

    def was_paid_then(self, order: Values) -> bool:
        """Return whether an order's `paid_at` is when something was paid: that moment, or noon of its day.

        A free order is paid when it is placed. Its store may have had another time zone, so noon is vague.
        """
        at: datetime = order["paid_at"]
        moments = {order["placed_at"], *self.moments[order["uid"]]}
        return (
            at in moments
            or any(abs(at - moment) <= TRANSACTION for moment in moments)
            or any(
                abs(at - datetime.combine(day, NOON)) <= ZONES for day in self.days[order["uid"]]
            )
        )
