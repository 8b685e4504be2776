"""Read all rows of money of some customers, by the key of the customer."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from customers.models import Charge, LedgerEntry
from customers.models.ledger import Account
from orders.models import Allocation, Credit, CreditNote, Order, OrderLine, Payment
from orders.verification.moved_rows import Values, add_moved
from stores.models import Store

ENTRY_COLUMNS = (
    "store_id", "uid", "amount", "reason", "order_uid", "due_on", "paid_on", "reverses_uid", "created_at",
)  # fmt: skip
CHARGE_COLUMNS = (
    "pk", "store_id", "uid", "is_of_order", "posted_at", "due_on", "amount", "open_amount", "settled_on",
)  # fmt: skip
CREDIT_COLUMNS = (
    "pk", "store_id", "uid", "order_uid", "is_reduction", "paid_on", "amount", "open_amount",
)  # fmt: skip
ALLOCATION_COLUMNS = (
    "store_id", "credit_id", "charge_id", "kind", "amount", "effective_on", "created_at",
)  # fmt: skip
ORDER_COLUMNS = (
    "pk", "store_id", "uid", "number", "status", "payment_status", "total", "due_on", "paid_amount",
    "refunded_amount", "credited_amount", "charged_amount", "placed_at", "paid_at", "shipped_at",
    "delivered_at", "cancelled_at", "withdrawn_at",
)  # fmt: skip
PAYMENT_COLUMNS = (
    "order_id", "store_id", "kind", "amount", "entry_uid", "voids_uid", "uid", "paid_on", "created_at",
)  # fmt: skip
CREDIT_NOTE_COLUMNS = (
    "order_id", "store_id", "uid", "number", "credit_uid", "credit_entry_uid", "refund_uid", "refund_entry_uid",
)  # fmt: skip
LINE_COLUMNS = ("order_id", "store_id", "uid", "credited_quantity")


@dataclass
class AccountRows:
    """The entries of a house account, what follows from them, and the orders of the customer."""

    entries: list[Values] = field(default_factory=list)
    charges: list[Values] = field(default_factory=list)
    credits: list[Values] = field(default_factory=list)
    allocations: list[Values] = field(default_factory=list)
    orders: list[Values] = field(default_factory=list)
    payments: list[Values] = field(default_factory=list)
    credit_notes: list[Values] = field(default_factory=list)
    credited_lines: list[Values] = field(default_factory=list)
    """Lines of which something was credited, each with how much credit notes have of it as `noted`."""
    # A merge of customers moves orders, but neither their entries nor what was allocated to their charges.
    moved_orders: list[Values] = field(default_factory=list)
    """Orders of other customers that entries of this account name."""
    moved_entries: list[Values] = field(default_factory=list)
    """Entries of other accounts that name orders of this customer."""
    moved_allocations: list[Values] = field(default_factory=list)
    """Allocations to charges of these orders on other accounts, each with its `order_uid`."""

    def orders_by_uid(self) -> dict[uuid.UUID, Values]:
        """Return the orders of this customer, and those that its entries name."""
        return {order["uid"]: order for order in (*self.moved_orders, *self.orders)}


def read_accounts(store: Store | None, keys: Q) -> dict[int, AccountRows]:
    """Return the rows of the customers that `keys` names by their `customer_id`, each in order of creation."""
    accounts: dict[int, AccountRows] = defaultdict(AccountRows)
    tables: list[tuple[str, Any, tuple[str, ...]]] = [
        ("entries", LedgerEntry.objects.filter(account=Account.HOUSE), ENTRY_COLUMNS),
        ("charges", Charge.objects.all(), CHARGE_COLUMNS),
        ("credits", Credit.objects.all(), CREDIT_COLUMNS),
        ("allocations", Allocation.objects.all(), ALLOCATION_COLUMNS),
        ("orders", Order.objects.all(), ORDER_COLUMNS),
    ]
    for name, rows, columns in tables:
        found = rows.for_store(store).filter(keys).order_by("pk")
        for row in found.values("customer_id", *columns).iterator():
            getattr(accounts[row.pop("customer_id")], name).append(row)
    orders = Order.objects.for_store(store).filter(keys)
    owners = {order["pk"]: pk for pk, account in accounts.items() for order in account.orders}
    of_orders: list[tuple[str, Any]] = [
        ("payments", Payment.objects.order_by("pk").values(*PAYMENT_COLUMNS)),
        ("credit_notes", CreditNote.objects.order_by("pk").values(*CREDIT_NOTE_COLUMNS)),
        ("credited_lines", credited_lines()),
    ]
    for name, rows in of_orders:
        found = rows.for_store(store).filter(order__in=orders.order_by())
        for row in found.iterator():
            getattr(accounts[owners[row["order_id"]]], name).append(row)
    add_moved(store, keys, accounts)
    return accounts


def credited_lines() -> Any:
    # Grouped by columns: on a distributed database a key alone does not stand for its row.
    lines = OrderLine.objects.order_by("uid").values(*LINE_COLUMNS)
    credited = Q(credited_quantity__gt=0) | Q(credit_note_lines__isnull=False)
    noted = Sum("credit_note_lines__quantity", default=Decimal(0))
    return lines.filter(credited).annotate(noted=noted)
