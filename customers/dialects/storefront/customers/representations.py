"""Representations: rows of the read models as the dicts that this dialect answers."""

from __future__ import annotations

import uuid
from typing import Any

from customers.api.times import milliseconds
from customers.money import money_text
from customers.reads import CUSTOMERS, Row, delivery_addresses

COLUMNS = (
    "version",
    "uid",
    "email",
    "name",
    "phone",
    "marketing_opt_in",
    "created_at",
    "updated_at",
    "order_count",
    "total_spent",
)
DETAIL_SPEC = CUSTOMERS.spec(
    COLUMNS,
    addresses=(
        "uid",
        "role",
        "is_default",
        "first_name",
        "last_name",
        "company",
        "line1",
        "line2",
        "city",
        "state",
        "state_code",
        "postcode",
        "country",
        "country_code",
        "phone",
        "created_at",
        "updated_at",
    ),
)


def customer(row: Row, store_uid: uuid.UUID, *, with_orders: bool = False) -> dict[str, Any]:
    addresses = delivery_addresses(row)
    default = next((str(place["uid"]) for place in addresses if place["is_default"]), None)
    shown = {
        "id": str(row["uid"]),
        "storeId": str(store_uid),
        "email": row["email"] or None,
        "name": row["name"] or None,
        "phone": row["phone"] or None,
        "marketingOptIn": row["marketing_opt_in"],
        "defaultAddressId": default,
        "addresses": [address(place) for place in addresses],
        "createdAt": milliseconds(row["created_at"]),
        "updatedAt": milliseconds(row["updated_at"]),
    }
    return {**shown, **orders_of(row)} if with_orders else shown


def orders_of(row: Row) -> dict[str, Any]:
    return {"orderCount": row["order_count"], "totalSpent": money_text(row["total_spent"])}


def address(place: Row) -> dict[str, Any]:
    return {
        "id": str(place["uid"]),
        **recipient(place),
        "isDefault": place["is_default"],
        "createdAt": milliseconds(place["created_at"]),
        "updatedAt": milliseconds(place["updated_at"]),
    }


def recipient(place: Row) -> dict[str, Any]:
    """Who gets it, and where: all of an address that an order keeps."""
    return {
        "firstName": place["first_name"] or None,
        "lastName": place["last_name"] or None,
        "company": place["company"] or None,
        "address1": place["line1"],
        "address2": place["line2"] or None,
        "city": place["city"],
        "region": place["state_code"] or place["state"] or None,
        "postalCode": place["postcode"],
        "country": place["country_code"] or place["country"],
        "phone": place["phone"] or None,
    }
