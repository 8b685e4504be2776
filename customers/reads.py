"""The read model of customers: plain rows, each with its addresses, tags and contacts, read by one query.

Dialects, events and exports take their data from these rows and do not query themselves. The keys are the names
of columns; each dialect translates them into the names of its wire format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from customers.models import Address, Contact, Customer, CustomerTag
from stores.database.read_model import Child, ReadModel, Row, RowSpec, columns_of
from stores.database.written_rows import WrittenRows
from stores.errors import NotFound
from stores.models import Store
from stores.models.base import TenantModel

__all__ = ["Row", "RowSpec"]

ERASED = "erased"  # marks the snapshots of an erased customer
EXPIRED = "expired"  # marks former snapshots that a rule of retention emptied

ADDRESSES = Child(
    Address,
    parent="customer",
    lookups=columns_of(Address, leave_out=("store_id", "customer_id", "delivery_zone_id"))
    | {f"delivery_zone.{name}": f"delivery_zone__{name}" for name in ("uid", "name", "reference")},
    order=("position", "id"),
)
TAGS = Child(
    CustomerTag,
    parent="customer",
    lookups={"id": "id", "uid": "tag__uid", "name": "tag__name", "color": "tag__color"},
)
CONTACTS = Child(
    Contact,
    parent="customer",
    lookups=columns_of(Contact, leave_out=("store_id", "customer_id", "updated_at")),
)
CUSTOMERS = ReadModel(
    Customer,
    children={"addresses": ADDRESSES, "tags": TAGS, "contacts": CONTACTS},
    leave_out=("search_text", "name_key", "merged_into_id"),
)
NEW_CUSTOMERS = WrittenRows(CUSTOMERS)


def get_customer_row(store: Store | None, spec: RowSpec = CUSTOMERS.full, **key: Any) -> Row:
    """Return the live customer of a store (None: of any) with this `uid` or `id`.

    Raises NotFound, also for a key of None, which a malformed id is parsed to.
    """
    if store is not None:
        key["store"] = store.pk
    row = None if None in key.values() else spec.find(Customer.objects.live, **key)
    if row is None:
        raise NotFound
    return row


def full_customer_row(store: int, pk: int) -> Row:
    """Return the whole row of a customer that the caller has locked, also of a deleted one."""
    row = CUSTOMERS.full.find(Customer.objects.all, store=store, id=pk)
    assert row is not None, "the caller has it locked"  # noqa: S101
    return row


def new_customer_row(customer: Customer, children: Mapping[str, Sequence[TenantModel]]) -> Row:
    """Return the whole row of a customer that was just inserted, with all of its children."""
    return NEW_CUSTOMERS.row(customer, children)


def display_name(row: Row) -> str:
    """Return the name, or a firm's where no person is known: for dialects without a field for a company."""
    name: str = row["name"] or row["company"]
    return name


def delivery_addresses(row: Row) -> list[Row]:
    return [address for address in row["addresses"] if address["role"] == "delivery"]


def default_address(row: Row) -> Row | None:
    """Return the delivery address for orders that name no other."""
    return next((address for address in row["addresses"] if address["is_default"]), None)


def billing_address(row: Row) -> Row | None:
    """Return the billing address or None. A dialect that must show one shows the default address instead."""
    return next((address for address in row["addresses"] if address["role"] == "billing"), None)
