"""Read what stands on the accounts of former owners of an order. A merge of customers moves orders only."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django.db.models import F, Q

from customers.models import Charge, LedgerEntry
from customers.models.ledger import Account
from orders.models import Allocation, Order
from stores.database.batches import in_parts
from stores.models import Store

Values = dict[str, Any]
BATCH_SIZE = 500
ORDER_COLUMNS = ("store_id", "uid", "due_on")
ENTRY_COLUMNS = (
    "store_id", "uid", "amount", "reason", "order_uid", "reverses_uid", "customer_id", "created_at",
)  # fmt: skip
ALLOCATION_COLUMNS = (
    "store_id", "customer_id", "kind", "amount", "effective_on", "created_at",
)  # fmt: skip


class Rows(Protocol):
    entries: list[Values]
    orders: list[Values]
    moved_orders: list[Values]
    moved_entries: list[Values]
    moved_allocations: list[Values]


def add_moved(store: Store | None, keys: Q, accounts: Mapping[int, Rows]) -> None:
    """Add the moved rows to the accounts of the customers that `keys` names by their `customer_id`."""
    owners = {order["uid"]: pk for pk, account in accounts.items() for order in account.orders}
    add_orders(store, accounts, owners)
    former: dict[tuple[int, uuid.UUID], int] = {}
    for entry in entries_elsewhere(store, keys, accounts, owners):
        accounts[owners[entry["order_uid"]]].moved_entries.append(entry)
        former[entry["customer_id"], entry["order_uid"]] = owners[entry["order_uid"]]
    for row in allocations_elsewhere(store, former):
        accounts[former[row["customer_id"], row["order_uid"]]].moved_allocations.append(row)


def add_orders(
    store: Store | None, accounts: Mapping[int, Rows], owners: Mapping[uuid.UUID, int]
) -> None:
    """Add the orders of others that entries of each account name."""
    named = [
        (pk, entry["order_uid"])
        for pk, account in accounts.items()
        for entry in account.entries
        if entry["order_uid"] and owners.get(entry["order_uid"]) != pk
    ]
    for part in in_parts(named, BATCH_SIZE):
        orders = Order.objects.for_store(store).filter(uid__in={uid for _, uid in part})
        found = {row["uid"]: row for row in orders.values(*ORDER_COLUMNS)}
        for pk, uid in part:
            if uid in found:
                accounts[pk].moved_orders.append(found[uid])


def entries_elsewhere(
    store: Store | None, keys: Q, accounts: Mapping[int, Rows], owners: Mapping[uuid.UUID, int]
) -> Iterator[Values]:
    """Yield entries of other accounts that name an order of one of the customers."""
    for pk, account in accounts.items():
        for entry in account.entries:
            if owners.get(entry["order_uid"], pk) != pk:
                yield entry | {"customer_id": pk}
    orders = Order.objects.for_store(store).filter(keys).order_by().values("uid")
    entries = LedgerEntry.objects.for_store(store).filter(account=Account.HOUSE)
    outside = entries.filter(order_uid__in=orders).exclude(keys)
    yield from outside.order_by("pk").values(*ENTRY_COLUMNS)


def allocations_elsewhere(
    store: Store | None, former: Mapping[tuple[int, uuid.UUID], int]
) -> Iterator[Values]:
    """Yield the allocations to the charges with these customers and uids of orders."""
    for part in in_parts([*former], BATCH_SIZE):
        charges = Charge.objects.for_store(store).filter(
            customer__in={pk for pk, _ in part}, uid__in={uid for _, uid in part}
        )
        rows = Allocation.objects.for_store(store).filter(charge__in=charges.order_by())
        for row in rows.values(*ALLOCATION_COLUMNS, order_uid=F("charge__uid")):
            if (row["customer_id"], row["order_uid"]) in former:
                yield dict(row)
