"""The read model: customers as plain rows (dicts), each with its addresses, tags and contacts, in one query.

Dialects, events and exports all take their data from these rows, and none of them queries by itself. The keys
are our own column names; each dialect translates them into those of its wire format.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, cast

import orjson
from django.db.models import BigIntegerField, F, Field, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from customers.errors import NotFound
from customers.models import Address, Contact, Customer, CustomerTag
from stores.database.compiled import CompiledRow, CompiledRows, JsonRows, Row
from stores.database.plans import BindParam, Plan
from stores.models import Store

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


ADDRESS_EXPRESSIONS: dict[str, Any] = {name: F(name) for name in ADDRESS_COLUMNS}
ADDRESS_EXPRESSIONS |= {name: Cast(name, TextField()) for name in ("latitude", "longitude")}
ADDRESS_EXPRESSIONS |= {
    f"zone_{name}": F(f"delivery_zone__{name}") for name in ("uid", "name", "reference")
}
TAG_EXPRESSIONS = {"id": F("id")} | {name: F(f"tag__{name}") for name in ("uid", "name", "color")}
CONTACT_EXPRESSIONS = {name: F(name) for name in CONTACT_COLUMNS}

# the children of a customer: their table, what a row of each is made of, what orders them
CHILDREN: dict[str, tuple[Any, dict[str, Any], tuple[str, ...]]] = {
    "addresses": (Address, ADDRESS_EXPRESSIONS, ("position", "id")),
    "tags": (CustomerTag, TAG_EXPRESSIONS, ("id",)),
    "contacts": (Contact, CONTACT_EXPRESSIONS, ("id",)),
}


@dataclass(frozen=True)
class RowSpec:
    """Which columns of a customer, and of its addresses, tags and contacts, a query reads.

    A child table of which no column is named is not read. The columns `zone_uid`, `zone_name` and
    `zone_reference` of an address become a dict `delivery_zone` in its row.
    """

    columns: tuple[str, ...] = COLUMNS
    addresses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The columns of each child, those that order it first."""
        wanted = {"addresses": self.addresses, "tags": self.tags, "contacts": self.contacts}
        return {
            name: tuple(dict.fromkeys((*CHILDREN[name][2], *columns)))
            for name, columns in wanted.items()
            if columns
        }

    @cached_property
    def child_parsers(self) -> dict[str, Callable[[str], list[Row]]]:
        return {name: _child_parser(columns) for name, columns in self.children.items()}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*self.columns, *(f"{name}_json" for name in self.children))

    def annotated(self, customers: QuerySet) -> QuerySet:
        rows = {f"{name}_json": _child_rows(name, names) for name, names in self.children.items()}
        return customers.annotate(**rows)

    def parse(self, row: Row) -> Row:
        """The row with its children parsed from JSON into lists of rows."""
        for name, parser in self.child_parsers.items():
            text = row.pop(f"{name}_json")
            row[name] = parser(text) if text else []
        return row


FULL_SPEC = RowSpec(
    COLUMNS, tuple(ADDRESS_EXPRESSIONS), tuple(TAG_EXPRESSIONS), tuple(CONTACT_EXPRESSIONS)
)


def _child_rows(child: str, names: tuple[str, ...]) -> Subquery:
    """The rows of a child table that belong to the outer customer."""
    model, columns, _ = CHILDREN[child]
    own = model.objects.filter(customer=OuterRef("pk"), store=OuterRef("store")).order_by()
    return Subquery(own.annotate(rows=JsonRows(*(columns[name] for name in names))).values("rows"))


@cache
def _compiled_rows(spec: RowSpec) -> CompiledRows:
    return CompiledRows(lambda: spec.annotated(Customer.objects.all()), spec.names)


@cache
def _compiled_find(spec: RowSpec, keys: tuple[str, ...]) -> CompiledRow:
    params = {name: BindParam(name, cast(Field, Customer._meta.get_field(name))) for name in keys}
    return CompiledRow(lambda: spec.annotated(Customer.objects.live()).filter(**params), spec.names)


def customer_rows(customers: QuerySet | Plan, spec: RowSpec = FULL_SPEC) -> list[Row]:
    """The customers of a queryset as rows; addresses, tags and contacts are lists of rows in them."""
    return [spec.parse(row) for row in _compiled_rows(spec).rows(customers)]


def find_customer(store: Store | None, spec: RowSpec = FULL_SPEC, **key: Any) -> Row:
    """The live customer of a store (None: of any) with this `uid` or `id`.

    Raises NotFound; nobody's id is None.
    """
    if None in key.values():
        raise NotFound
    if store is not None:
        key["store"] = store.pk
    row = _compiled_find(spec, tuple(key)).find(Customer.objects.db, **key)
    if row is None:
        raise NotFound
    return spec.parse(row)


@cache
def _compiled_full() -> CompiledRow:
    params = {name: BindParam(name, BigIntegerField()) for name in ("store", "id")}
    return CompiledRow(
        lambda: FULL_SPEC.annotated(Customer.objects.filter(**params)), FULL_SPEC.names
    )


def full_customer_row(store: int, pk: int) -> Row:
    """Every column of the customer with this primary key, also of a deleted one; it must exist."""
    row = _compiled_full().find(Customer.objects.db, store=store, id=pk)
    assert row is not None, "the caller has it locked"  # noqa: S101
    return FULL_SPEC.parse(row)


def _child_parser(names: tuple[str, ...]) -> Callable[[str], list[Row]]:
    """Parses the rows of a child table: a JSON list of arrays, whose first columns are those to sort by."""
    converters = [(at, JSON_PARSERS[name]) for at, name in enumerate(names) if name in JSON_PARSERS]
    transform = _with_zone if "zone_uid" in names else _unchanged

    def parse(text: str) -> list[Row]:
        found = sorted(orjson.loads(text))
        for values in found:
            for at, convert in converters:
                if values[at] is not None:
                    values[at] = convert(values[at])
        return [transform(dict(zip(names, values, strict=True))) for values in found]

    return parse


def _unchanged(row: Row) -> Row:
    return row


def _with_zone(row: Row) -> Row:
    zone = {name: row.pop(f"zone_{name}") for name in ("uid", "name", "reference")}
    row["delivery_zone"] = zone if zone["uid"] else None
    return row


def parse_moment(text: str) -> datetime:
    """A time as the engines put it into JSON: ISO 8601 with an offset, or SQLite's naive UTC."""
    return datetime.fromisoformat(text if text[-6:-5] in ("+", "-") else f"{text}+00:00")


def parse_coordinate(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.0000001"))


JSON_PARSERS: dict[str, Callable[[Any], Any]] = {
    "uid": uuid.UUID,
    "zone_uid": uuid.UUID,
    "created_at": parse_moment,
    "updated_at": parse_moment,
    "geocoded_at": parse_moment,
    "latitude": parse_coordinate,
    "longitude": parse_coordinate,
    "is_default": bool,  # SQLite's JSON has numbers for it
    "is_primary": bool,
}


def delivery_addresses(row: Row) -> list[Row]:
    return [address for address in row["addresses"] if address["role"] == "delivery"]


def default_address(row: Row) -> Row | None:
    """The delivery address that is used when an order names no other."""
    return next((address for address in row["addresses"] if address["is_default"]), None)


def billing_address(row: Row) -> Row | None:
    """The billing address, or None: a dialect that demands one then shows the default address."""
    return next((address for address in row["addresses"] if address["role"] == "billing"), None)


# --- events keep rows as JSON; these functions turn it back into rows

DATETIME_COLUMNS = frozenset(
    field.attname
    for field in Customer._meta.concrete_fields
    if field.get_internal_type() == "DateTimeField"
)
DECIMAL_COLUMNS = frozenset(
    field.attname
    for field in Customer._meta.concrete_fields
    if field.get_internal_type() == "DecimalField"
)


def row_from_snapshot(snapshot: Row) -> Row:
    """The row that an event's snapshot was made from."""
    row = {name: _from_json(name, value) for name, value in snapshot.items()}
    row["addresses"] = [address_from_json(address) for address in snapshot["addresses"]]
    row["tags"] = [{**tag, "uid": uuid.UUID(tag["uid"])} for tag in snapshot["tags"]]
    row["contacts"] = [_contact_from_json(contact) for contact in snapshot["contacts"]]
    return row


def _from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in DATETIME_COLUMNS:
        return datetime.fromisoformat(value)
    if name in DECIMAL_COLUMNS:
        return Decimal(value)
    if name == "uid":
        return uuid.UUID(value)
    return date.fromisoformat(value) if name == "birth_date" else value


def address_from_json(address: Row | None) -> Row | None:
    """An address row as it was before it became JSON."""
    if address is None:
        return None
    zone = address["delivery_zone"]
    times = {
        name: address[name] and datetime.fromisoformat(address[name])
        for name in ("created_at", "updated_at", "geocoded_at")
    }
    places = {
        name: address[name] and parse_coordinate(address[name])
        for name in ("latitude", "longitude")
    }
    zone = zone and {**zone, "uid": uuid.UUID(zone["uid"])}
    return {**address, **times, **places, "uid": uuid.UUID(address["uid"]), "delivery_zone": zone}


def _contact_from_json(contact: Row) -> Row:
    created = datetime.fromisoformat(contact["created_at"])
    return {**contact, "uid": uuid.UUID(contact["uid"]), "created_at": created}
