"""Turn rows of the read model, and models, into the objects that this dialect answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.api.times import spaced
from customers.models import Address, DeliveryZone, LedgerEntry, Tag
from customers.money import money_number
from customers.reads import CUSTOMERS, Row, delivery_addresses, display_name
from stores.models import ApiKey, Store

Representation = dict[str, Any]


@dataclass(frozen=True)
class FieldVisibility:
    """The optional parts of a customer.

    `accounts` and `loyalty` need a scope. `tags`, `addresses` and `zones` are shown in full if `include` names
    them, else as stubs.
    """

    accounts: bool
    loyalty: bool
    tags: bool
    addresses: bool
    zones: bool


COLUMNS = (
    "version",
    "uid",
    "name",
    "company",
    "phone_dial_code",
    "phone_number",
    "email",
    "gender",
    "birth_date",
    "is_blacklisted",
    "is_account_enabled",
    "credit_limit",
    "account_balance",
    "is_loyalty_enabled",
    "loyalty_balance",
    "created_at",
    "updated_at",
    "deleted_at",
    "last_order_at",
    "order_count",
)
ADDRESS_COLUMNS = (
    "uid",
    "role",
    "label",
    "line1",
    "latitude",
    "longitude",
    "created_at",
    "updated_at",
    "delivery_zone",
)
DETAIL_SPEC = CUSTOMERS.spec(COLUMNS, addresses=ADDRESS_COLUMNS, tags=("uid", "name"))
# for lists that show stubs of addresses only
LIST_SPEC = CUSTOMERS.spec(COLUMNS, addresses=("uid", "role"), tags=("uid", "name"))


def customer(row: Row, visibility: FieldVisibility, *, is_detail: bool) -> Representation:
    """Return a customer. Outside lists (`is_detail`) the stubs of addresses name their zones, too."""
    return {
        **visible_balances(row, visibility),
        "tags": [id_and_name(tag) if visibility.tags else stub(tag) for tag in row["tags"]],
        "id": str(row["uid"]),
        "name": display_name(row),
        "dial_code": row["phone_dial_code"],
        "phone": row["phone_number"] or None,
        "email": row["email"] or None,
        "gender": row["gender"],
        "birth_date": row["birth_date"] and row["birth_date"].isoformat(),
        "is_blacklisted": row["is_blacklisted"],
        "is_house_account_enabled": row["is_account_enabled"],
        **({"house_account_limit": amount(row["credit_limit"])} if visibility.accounts else {}),
        "is_loyalty_enabled": row["is_loyalty_enabled"],
        "created_at": spaced(row["created_at"]),
        "updated_at": spaced(row["updated_at"]),
        "deleted_at": spaced(row["deleted_at"]),
        "last_order_at": spaced(row["last_order_at"]),
        "order_count": row["order_count"],
        "addresses": addresses_of(row, visibility, is_detail=is_detail),
    }


def visible_balances(row: Row, visibility: FieldVisibility) -> Representation:
    balances: Representation = {}
    if visibility.accounts:
        balances["house_account_balance"] = amount(row["account_balance"])
    if visibility.loyalty:
        balances["loyalty_balance"] = amount(row["loyalty_balance"])
    return balances


def addresses_of(row: Row, visibility: FieldVisibility, *, is_detail: bool) -> list[Representation]:
    address_rows = delivery_addresses(row)
    if visibility.addresses or visibility.zones:
        show_zone = zone_of if visibility.zones else zone_stub
        return [
            address_of(address_row, row["uid"], show_zone(address_row["delivery_zone"]))
            for address_row in address_rows
        ]
    if is_detail:
        return [
            {**stub(address_row), "delivery_zone": zone_stub(address_row["delivery_zone"])}
            for address_row in address_rows
        ]
    return [stub(address_row) for address_row in address_rows]


# --- parts of a row


def stub(row: Row) -> Representation:
    return {"id": str(row["uid"])}


def id_and_name(row: Row) -> Representation:
    return {"id": str(row["uid"]), "name": row["name"]}


def zone_stub(zone: Row | None) -> Representation | None:
    return zone and stub(zone)


def zone_of(zone: Row | None) -> Representation | None:
    return zone and {**id_and_name(zone), "reference": zone["reference"] or None}


def address_of(
    address_row: Row, customer_uid: uuid.UUID, zone: Representation | None
) -> Representation:
    return {
        "id": str(address_row["uid"]),
        "name": address_row["label"] or None,
        "description": address_row["line1"] or None,
        "latitude": coordinate(address_row["latitude"]),
        "longitude": coordinate(address_row["longitude"]),
        "created_at": spaced(address_row["created_at"]),
        "updated_at": spaced(address_row["updated_at"]),
        "customer": {"id": str(customer_uid)},
        "delivery_zone": zone,
    }


def amount(value: Decimal | None) -> Any:
    return None if value is None else money_number(value)


def coordinate(value: Decimal | None) -> Any:
    return None if value is None else money_number(value.normalize())


# --- the other resources


def tag(instance: Tag) -> Representation:
    return {**id_and_name(vars(instance)), **times(instance)}


def delivery_zone(zone: DeliveryZone) -> Representation:
    return {**id_and_name(vars(zone)), "reference": zone.reference or None, **times(zone)}


def times(instance: Tag | DeliveryZone) -> Representation:
    return {"created_at": spaced(instance.created_at), "updated_at": spaced(instance.updated_at)}


def address(instance: Address) -> Representation:
    zone = instance.delivery_zone
    return address_of(vars(instance), instance.customer.uid, zone_of(vars(zone)) if zone else None)


def transaction(entry: LedgerEntry) -> Representation:
    return {
        "id": str(entry.uid),
        "amount": amount(entry.amount),
        "old_balance": amount(entry.balance_after - entry.amount),
        "new_balance": amount(entry.balance_after),
        "notes": entry.notes or None,
        "customer": {"id": str(entry.customer.uid)},
        "order": {"id": str(entry.order_uid)} if entry.order_uid else None,
        "created_at": spaced(entry.created_at),
    }


def identity(key: ApiKey, store: Store) -> Representation:
    return {
        "user": {"id": key.key_id, "name": key.name},
        "business": {"id": str(store.uid), "name": store.name},
    }
