"""Turn rows of the read model into the objects that this dialect answers."""

from __future__ import annotations

from typing import Any

from customers.api.paging import NumberedPage
from customers.models.address import street_lines
from customers.money import money_number
from customers.reads import (
    CUSTOMERS,
    Row,
    billing_address,
    default_address,
    delivery_addresses,
    display_name,
)

COLUMNS = (
    "version",
    "id",
    "store_id",
    "name",
    "company",
    "email",
    "phone",
    "mobile",
    "cc_email",
    "price_adjustment",
    "minimum_charge_amount",
    "minimum_freight_amount",
    "default_depot_id",
    "external_id",
    "is_beta",
    "is_assembly_enabled",
    "is_active",
)
DETAIL_SPEC = CUSTOMERS.spec(
    COLUMNS,
    addresses=(
        "role",
        "is_default",
        "external_id",
        "label",
        "line1",
        "line2",
        "city",
        "state",
        "state_code",
        "postcode",
        "country",
        "country_code",
    ),
    tags=("name",),
)


def customer(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "manufacturer_id": row["store_id"],
        "name": display_name(row) or None,
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "mobile": row["mobile"] or None,
        "cc_email": row["cc_email"] or None,
        "price_adjustment": money_number(row["price_adjustment"]),
        "minimum_charge_amount": money_number(row["minimum_charge_amount"]),
        "minimum_freight_amount": money_number(row["minimum_freight_amount"]),
        "contact_address": contact_address(row),
        "delivery_address": [delivery(address_row) for address_row in delivery_addresses(row)],
        **labels(row),
        "default_depot_id": row["default_depot_id"],
        "external_id": row["external_id"] or None,
        "settings": {
            "is_beta": row["is_beta"],
            "is_assembly_enabled": row["is_assembly_enabled"],
            "is_suspended": not row["is_active"],
        },
    }


def contact_address(row: Row) -> dict[str, Any] | None:
    """Return the billing address, or the default delivery address for want of one.

    The contract demands a contact address; customers of other dialects may have no billing address.
    """
    address_row = billing_address(row) or default_address(row)
    return address_row and address(address_row)


def address(address_row: Row) -> dict[str, Any]:
    return {
        "street": street_lines(address_row["line1"], address_row["line2"]),
        "suburb": address_row["city"] or None,
        "state": address_row["state"] or None,
        "state_code": address_row["state_code"] or None,
        "postcode": address_row["postcode"] or None,
        "country": address_row["country"] or None,
        "country_code": address_row["country_code"] or None,
    }


def delivery(address_row: Row) -> dict[str, Any]:
    external_id = address_row["external_id"]
    return {
        # contract: shown only if it was sent; None means that it never was
        **({} if external_id is None else {"external_id": external_id or None}),
        "name": address_row["label"],
        **address(address_row),
        "default": address_row["is_default"],
    }


def labels(row: Row) -> dict[str, list[str]]:
    """Return the labels. Contract: a customer without labels does not show the key."""
    names = [tag["name"] for tag in row["tags"]]
    return {"customer_labels": names} if names else {}


def page(numbered_page: NumberedPage) -> dict[str, Any]:
    return {
        "success": 1,
        "items": [customer(row) for row in numbered_page.rows],
        "pagination": {
            "current_page": numbered_page.number,
            "page_count": numbered_page.last,
            "page_size": numbered_page.size,
            "total_count": numbered_page.total,
        },
    }
