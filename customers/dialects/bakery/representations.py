"""Turn rows of the read model into the objects that this dialect answers."""

from __future__ import annotations

from typing import Any

from customers.api.paging import CursorPage
from customers.api.times import seconds
from customers.money import money_number
from customers.reads import CUSTOMERS, Row, default_address

WARNING = {
    "code": "geocode_failed",
    "message": "Address was saved but could not be geocoded. Coordinates are not available.",
    "field": "address",
}


COLUMNS = (
    "uid",
    "first_name",
    "last_name",
    "name",
    "email",
    "phone",
    "company",
    "order_count",
    "total_spent",
    "is_blacklisted",
    "created_at",
    "source",
)
# cursors need `id` and `email_key`
LIST_SPEC = CUSTOMERS.spec((*COLUMNS, "id", "email_key"), tags=("name",))
DETAIL_SPEC = CUSTOMERS.spec(
    (*COLUMNS, "mobile", "external_id", "updated_at", "version"),
    addresses=(
        "role",
        "is_default",
        "line1",
        "line2",
        "city",
        "state",
        "state_code",
        "postcode",
        "country",
        "formatted",
        "latitude",
        "longitude",
        "place_id",
        "geocode_status",
    ),
    tags=("name",),
)


def page(cursor_page: CursorPage, limit: int, *, is_first: bool) -> dict[str, Any]:
    """Return one page of the list. Leave the cursors out of a list that is a single page."""
    pagination: dict[str, Any] = {"limit": limit, "has_more": cursor_page.next is not None}
    if cursor_page.next or not is_first:
        pagination |= {"next_cursor": cursor_page.next, "prev_cursor": cursor_page.previous}
    rows = [list_row(row) for row in cursor_page.rows]
    return {"success": True, "data": rows, "pagination": pagination}


def customer_envelope(row: Row, *, with_warnings: bool = False) -> dict[str, Any]:
    return {"success": True, "data": customer(row), **(warnings(row) if with_warnings else {})}


def list_row(row: Row) -> dict[str, Any]:
    return {
        "id": customer_id(row),
        "first_name": row["first_name"] or None,
        "last_name": row["last_name"] or None,
        "full_name": row["name"] or None,
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "company": row["company"] or None,
        "total_orders": row["order_count"],
        "total_spent": money_number(row["total_spent"]),
        "is_blacklisted": row["is_blacklisted"],
        "tags": tag_names(row),
        "created": seconds(row["created_at"]),
        "source": row["source"],
    }


def customer(row: Row) -> dict[str, Any]:
    """Return the full object, as create, retrieve and update answer it."""
    created = seconds(row["created_at"])
    return {
        "id": customer_id(row),
        "first_name": row["first_name"] or None,
        "last_name": row["last_name"] or None,
        "full_name": row["name"] or None,
        "contact": contact(row),
        "company": row["company"] or None,
        "address": address(row),
        "tags": tag_names(row),
        "total_orders": row["order_count"],
        "total_spent": money_number(row["total_spent"]),
        "is_blacklisted": row["is_blacklisted"],
        "external_id": row["external_id"] or None,
        "source": row["source"],
        "created_at": created,
        "dates": {"created": created, "updated": seconds(row["updated_at"])},
    }


def customer_id(row: Row) -> str:
    return f"cust_{row['uid'].hex}"


def tag_names(row: Row) -> list[str]:
    return [tag["name"] for tag in row["tags"]]


def contact(row: Row) -> dict[str, Any]:
    mobile = {"mobile": row["mobile"]} if row["mobile"] else {}
    return {"email": row["email"] or None, "phone": row["phone"] or None, **mobile}


def address(row: Row) -> dict[str, Any] | None:
    address_row = default_address(row)
    return address_row and {
        **address_fields(address_row),
        "geocode_failed": address_row["geocode_status"] == "failed",
    }


def geocode_envelope(row: Row) -> dict[str, Any]:
    return {"success": True, "address": geocoded_address(row)}


def geocoded_address(row: Row) -> dict[str, Any]:
    """Return the address as the geocode call answers it."""
    address_row = default_address(row)
    assert address_row is not None, "the geocode call has just saved it"  # noqa: S101
    return {
        **address_fields(address_row),
        "geocode_status": address_row["geocode_status"],
        "geocoded_at": seconds(address_row["geocoded_at"]),
    }


def address_fields(address_row: Row) -> dict[str, Any]:
    street2 = {"street2": address_row["line2"]} if address_row["line2"] else {}
    return {
        "street": address_row["line1"] or None,
        **street2,
        "city": address_row["city"] or None,
        "state": address_row["state_code"] or address_row["state"] or None,
        "postcode": address_row["postcode"] or None,
        "country": address_row["country"] or None,
        "formatted_address": address_row["formatted"] or None,
        "latitude": coordinate(address_row["latitude"]),
        "longitude": coordinate(address_row["longitude"]),
        "place_id": address_row["place_id"] or None,
    }


def coordinate(value: Any) -> Any:
    return None if value is None else money_number(value.normalize())


def warnings(row: Row) -> dict[str, Any]:
    """Return the key that joins the answer of a write when its address has no coordinates."""
    address_row = default_address(row)
    has_failed = address_row is not None and address_row["geocode_status"] == "failed"
    return {"warnings": [WARNING]} if has_failed else {}
