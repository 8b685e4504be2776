"""The read model: customers as plain rows, each with its addresses, tags and contacts, in one query.

A row is a dict of neutral names. Every dialect, the events and the exports show this one shape; none of
them queries for itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

import orjson
from django.db.models import F, Field, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from customers.errors import NotFound
from customers.models import Address, Contact, Customer, CustomerTag
from stores.compiled import CompiledRow, CompiledRows, JsonRows, Row
from stores.models import Store
from stores.plans import Given, Plan

COLUMNS = tuple(
    field.attname for field in Customer._meta.concrete_fields if field.name != "search_text"
)
ADDRESS_COLUMNS = (
    "id",
    "uid",
    "role",
    "position",
    "is_default",
    "label",
    "first_name",
    "last_name",
    "company",
    "phone",
    "line1",
    "line2",
    "city",
    "state",
    "state_code",
    "postcode",
    "country",
    "country_code",
    "external_id",
    "formatted",
    "place_id",
    "geocode_status",
    "geocoded_at",
    "created_at",
    "updated_at",
)
CONTACT_COLUMNS = ("id", "uid", "name", "title", "email", "phone", "is_primary", "created_at")


PLACE: dict[str, Any] = {name: F(name) for name in ADDRESS_COLUMNS}
PLACE |= {name: Cast(name, TextField()) for name in ("latitude", "longitude")}
PLACE |= {f"zone_{name}": F(f"delivery_zone__{name}") for name in ("uid", "name", "reference")}
TAG = {"id": F("id")} | {name: F(f"tag__{name}") for name in ("uid", "name", "color")}
CONTACT = {name: F(name) for name in CONTACT_COLUMNS}

# the children of a customer: their table, and what a row of each is made of
CHILDREN: dict[str, tuple[Any, dict[str, Any]]] = {
    "addresses": (Address, PLACE),
    "tags": (CustomerTag, TAG),
    "contacts": (Contact, CONTACT),
}
ALL_CHILDREN = tuple(CHILDREN)


def _child_rows(name: str) -> Subquery:
    """The rows of a child table that belong to the outer customer."""
    model, columns = CHILDREN[name]
    own = model.objects.filter(customer=OuterRef("pk"), store=OuterRef("store")).order_by()
    return Subquery(own.annotate(rows=JsonRows(*columns.values())).values("rows"))


def _annotations(children: Iterable[str]) -> dict[str, Subquery]:
    return {f"{name}_json": _child_rows(name) for name in children}


@cache
def _compiled(columns: tuple[str, ...], children: tuple[str, ...]) -> CompiledRows:
    annotations = _annotations(children)
    return CompiledRows(lambda: Customer.objects.annotate(**annotations), (*columns, *annotations))


@cache
def _finding(children: tuple[str, ...], keys: tuple[str, ...]) -> CompiledRow:
    annotations = _annotations(children)
    given = {name: Given(name, cast(Field, Customer._meta.get_field(name))) for name in keys}
    found = Customer.objects.live().annotate(**annotations).filter(**given)
    return CompiledRow(lambda: found, (*COLUMNS, *annotations))


def customer_rows(
    customers: QuerySet | Plan, *children: str, columns: tuple[str, ...] = COLUMNS
) -> list[Row]:
    """Rows of a queryset of customers, with these children (`addresses`, `tags`, `contacts`)."""
    rows = _compiled(columns, children).rows(customers)
    return [_with_children(row, children) for row in rows]


def customer_row(customers: QuerySet, *children: str) -> Row:
    """The one row of a queryset that names one customer. Raises NotFound."""
    rows = customer_rows(customers.order_by()[:1], *children)
    if not rows:
        raise NotFound
    return rows[0]


def find_customer(store: Store | None, *children: str, **key: Any) -> Row:
    """The live customer of a store (None: of any) with this `uid` or `id`.

    Raises NotFound; nobody's id is None.
    """
    if None in key.values():
        raise NotFound
    if store is not None:
        key["store"] = store.pk
    row = _finding(children, tuple(key)).find(Customer.objects.db, **key)
    if row is None:
        raise NotFound
    return _with_children(row, children)


def _with_children(row: Row, children: Iterable[str]) -> Row:
    for name in children:
        text = row.pop(f"{name}_json")
        row[name] = READERS[name](_rows(name, text)) if text else []
    return row


def _rows(child: str, text: str) -> list[Row]:
    names = tuple(CHILDREN[child][1])
    return [dict(zip(names, values, strict=True)) for values in orjson.loads(text)]


def _read_addresses(rows: list[Row]) -> list[Row]:
    for row in rows:
        _common(row)
        row["is_default"] = bool(row["is_default"])
        row["geocoded_at"] = moment(row["geocoded_at"])
        row["updated_at"] = moment(row["updated_at"])
        row["latitude"] = coordinate(row["latitude"])
        row["longitude"] = coordinate(row["longitude"])
        zone = {name: row.pop(f"zone_{name}") for name in ("uid", "name", "reference")}
        row["delivery_zone"] = {**zone, "uid": uuid.UUID(zone["uid"])} if zone["uid"] else None
    return sorted(rows, key=lambda row: (row["position"], row["id"]))


def _read_tags(rows: list[Row]) -> list[Row]:
    for row in rows:
        row["uid"] = uuid.UUID(row["uid"])
    return sorted(rows, key=lambda row: row["id"])


def _read_contacts(rows: list[Row]) -> list[Row]:
    for row in rows:
        _common(row)
        row["is_primary"] = bool(row["is_primary"])
    return sorted(rows, key=lambda row: row["id"])


def _common(row: Row) -> None:
    row["uid"] = uuid.UUID(row["uid"])
    row["created_at"] = moment(row["created_at"])


READERS = {"addresses": _read_addresses, "tags": _read_tags, "contacts": _read_contacts}


def moment(text: str | None) -> datetime | None:
    """A time as the engines put it into JSON: ISO 8601 with an offset, or SQLite's naive UTC."""
    if text is None:
        return None
    return datetime.fromisoformat(text if text[-6:-5] in ("+", "-") else f"{text}+00:00")


def coordinate(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text).quantize(Decimal("0.0000001"))


def delivery_addresses(row: Row) -> list[Row]:
    return [address for address in row["addresses"] if address["role"] == "delivery"]


def default_address(row: Row) -> Row | None:
    """The delivery address things go to unless told otherwise."""
    return next((address for address in row["addresses"] if address["is_default"]), None)


def billing_address(row: Row) -> Row | None:
    """The billing address, or None: a dialect that demands one then shows the default address."""
    return next((address for address in row["addresses"] if address["role"] == "billing"), None)


# --- events keep rows as JSON; these bring them back

MOMENTS = frozenset(
    field.attname
    for field in Customer._meta.concrete_fields
    if field.get_internal_type() == "DateTimeField"
)
AMOUNTS = frozenset(
    field.attname
    for field in Customer._meta.concrete_fields
    if field.get_internal_type() == "DecimalField"
)


def row_from_snapshot(snapshot: Row) -> Row:
    """The row that an event's snapshot was made from."""
    row = {name: _thaw(name, value) for name, value in snapshot.items()}
    row["addresses"] = [thaw_address(address) for address in snapshot["addresses"]]
    row["tags"] = [{**tag, "uid": uuid.UUID(tag["uid"])} for tag in snapshot["tags"]]
    row["contacts"] = [_thaw_contact(contact) for contact in snapshot["contacts"]]
    return row


def _thaw(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return datetime.fromisoformat(value)
    if name in AMOUNTS:
        return Decimal(value)
    if name == "uid":
        return uuid.UUID(value)
    return date.fromisoformat(value) if name == "birth_date" else value


def thaw_address(address: Row | None) -> Row | None:
    """An address row as it was before it became JSON."""
    if address is None:
        return None
    zone = address["delivery_zone"]
    times = {
        name: address[name] and datetime.fromisoformat(address[name])
        for name in ("created_at", "updated_at", "geocoded_at")
    }
    places = {name: coordinate(address[name]) for name in ("latitude", "longitude")}
    zone = zone and {**zone, "uid": uuid.UUID(zone["uid"])}
    return {**address, **times, **places, "uid": uuid.UUID(address["uid"]), "delivery_zone": zone}


def _thaw_contact(contact: Row) -> Row:
    created = datetime.fromisoformat(contact["created_at"])
    return {**contact, "uid": uuid.UUID(contact["uid"]), "created_at": created}
