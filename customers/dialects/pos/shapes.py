"""Rows and models as this wire shows them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.api.times import spaced
from customers.models import Address, LedgerEntry, Tag
from customers.money import money_number
from customers.reads import Row, RowSpec, delivery_addresses
from stores.models import ApiKey, DeliveryZone, Store

Shape = dict[str, Any]


@dataclass(frozen=True)
class Sight:
    """What a caller may see of customers (by scope), and asks to see (by `include`)."""

    accounts: bool
    loyalty: bool
    tags: bool
    addresses: bool
    zones: bool


COLUMNS = (
    "version",
    "uid",
    "name",
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
ZONE = ("zone_uid", "zone_name", "zone_reference")
PLACE = (
    "uid",
    "role",
    "label",
    "line1",
    "latitude",
    "longitude",
    "created_at",
    "updated_at",
    *ZONE,
)
DETAIL_SPEC = RowSpec(COLUMNS, addresses=PLACE, tags=("uid", "name"))
LIST_SPEC = RowSpec(
    COLUMNS, addresses=("uid", "role"), tags=("uid", "name")
)  # when no address is asked for


def customer(row: Row, sight: Sight, *, alone: bool) -> Shape:
    """A customer; `alone` means outside a list, where the stubs of addresses name their zones."""
    return {
        **balances(row, sight),
        "tags": [tag_of(tag) if sight.tags else stub(tag) for tag in row["tags"]],
        "id": str(row["uid"]),
        "name": row["name"],
        "dial_code": row["phone_dial_code"],
        "phone": row["phone_number"] or None,
        "email": row["email"] or None,
        "gender": row["gender"],
        "birth_date": row["birth_date"] and row["birth_date"].isoformat(),
        "is_blacklisted": row["is_blacklisted"],
        "is_house_account_enabled": row["is_account_enabled"],
        **({"house_account_limit": amount(row["credit_limit"])} if sight.accounts else {}),
        "is_loyalty_enabled": row["is_loyalty_enabled"],
        "created_at": spaced(row["created_at"]),
        "updated_at": spaced(row["updated_at"]),
        "deleted_at": spaced(row["deleted_at"]),
        "last_order_at": spaced(row["last_order_at"]),
        "order_count": row["order_count"],
        "addresses": addresses_of(row, sight, alone=alone),
    }


def balances(row: Row, sight: Sight) -> Shape:
    house = {"house_account_balance": amount(row["account_balance"])} if sight.accounts else {}
    points = {"loyalty_balance": amount(row["loyalty_balance"])} if sight.loyalty else {}
    return {**house, **points}


def addresses_of(row: Row, sight: Sight, *, alone: bool) -> list[Shape]:
    places = delivery_addresses(row)
    if sight.addresses or sight.zones:
        show_zone = zone_of if sight.zones else zone_stub
        return [place_of(place, row["uid"], show_zone(place["delivery_zone"])) for place in places]
    if alone:
        return [
            {**stub(place), "delivery_zone": zone_stub(place["delivery_zone"])} for place in places
        ]
    return [stub(place) for place in places]


# --- parts of a row


def stub(thing: Row) -> Shape:
    return {"id": str(thing["uid"])}


def tag_of(thing: Row) -> Shape:
    return {"id": str(thing["uid"]), "name": thing["name"]}


def zone_stub(thing: Row | None) -> Shape | None:
    return thing and stub(thing)


def zone_of(thing: Row | None) -> Shape | None:
    return thing and {**tag_of(thing), "reference": thing["reference"] or None}


def place_of(place: Row, customer_uid: uuid.UUID, zone: Shape | None) -> Shape:
    return {
        "id": str(place["uid"]),
        "name": place["label"] or None,
        "description": place["line1"] or None,
        "latitude": coordinate(place["latitude"]),
        "longitude": coordinate(place["longitude"]),
        "created_at": spaced(place["created_at"]),
        "updated_at": spaced(place["updated_at"]),
        "customer": {"id": str(customer_uid)},
        "delivery_zone": zone,
    }


def amount(value: Decimal | None) -> Any:
    return None if value is None else money_number(value)


def coordinate(value: Decimal | None) -> Any:
    return None if value is None else money_number(value.normalize())


# --- siblings


def tag(thing: Tag) -> Shape:
    return {**tag_of(vars(thing)), **times(thing)}


def delivery_zone(thing: DeliveryZone) -> Shape:
    return {**tag_of(vars(thing)), "reference": thing.reference or None, **times(thing)}


def times(thing: Tag | DeliveryZone) -> Shape:
    return {"created_at": spaced(thing.created_at), "updated_at": spaced(thing.updated_at)}


def address(thing: Address) -> Shape:
    zone = thing.delivery_zone
    return place_of(vars(thing), thing.customer.uid, zone_of(vars(zone)) if zone else None)


def transaction(entry: LedgerEntry) -> Shape:
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


def identity(key: ApiKey, store: Store) -> Shape:
    return {
        "user": {"id": key.key_id, "name": key.name},
        "business": {"id": str(store.uid), "name": store.name},
    }
