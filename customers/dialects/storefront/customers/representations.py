"""Turn rows of customers and addresses into the objects that this dialect answers."""

from __future__ import annotations

import uuid
from typing import Any

from customers.api.times import milliseconds
from customers.money import money_text
from customers.reads import CUSTOMERS, Row, default_address, delivery_addresses, display_name

COLUMNS = (
    "version",
    "uid",
    "email",
    "name",
    "company",
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


def customer(row: Row, store_uid: uuid.UUID, *, digits: int | None = None) -> dict[str, Any]:
    """Return a customer. With `digits`, those of the store's currency, also what it ordered and spent."""
    address_rows = delivery_addresses(row)
    default_row = default_address(row)
    return {
        "id": str(row["uid"]),
        "storeId": str(store_uid),
        "email": row["email"] or None,
        "name": display_name(row) or None,
        "phone": row["phone"] or None,
        "marketingOptIn": row["marketing_opt_in"],
        "defaultAddressId": str(default_row["uid"]) if default_row else None,
        "addresses": [address(address_row) for address_row in address_rows],
        "createdAt": milliseconds(row["created_at"]),
        "updatedAt": milliseconds(row["updated_at"]),
        **({} if digits is None else order_statistics(row, digits)),
    }


def order_statistics(row: Row, digits: int) -> dict[str, Any]:
    return {"orderCount": row["order_count"], "totalSpent": money_text(row["total_spent"], digits)}


def address(address_row: Row) -> dict[str, Any]:
    return {
        "id": str(address_row["uid"]),
        **recipient(address_row),
        "isDefault": address_row["is_default"],
        "createdAt": milliseconds(address_row["created_at"]),
        "updatedAt": milliseconds(address_row["updated_at"]),
    }


def recipient(address_row: Row) -> dict[str, Any]:
    """Return the part of an address that an order keeps as its snapshot."""
    return {
        "firstName": address_row["first_name"] or None,
        "lastName": address_row["last_name"] or None,
        "company": address_row["company"] or None,
        "address1": address_row["line1"],
        "address2": address_row["line2"] or None,
        "city": address_row["city"],
        "region": address_row["state_code"] or address_row["state"] or None,
        "postalCode": address_row["postcode"],
        "country": address_row["country_code"] or address_row["country"],
        "phone": address_row["phone"] or None,
    }
