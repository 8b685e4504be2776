"""The read model: customers as plain rows, each with its addresses, tags and contacts, in one query.

A row is a dict of neutral names. Every dialect, the events and the exports show this one shape; none of
them queries for itself.
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
from stores.compiled import CompiledRow, CompiledRows, JsonRows, Row
from stores.models import Store
from stores.plans import BindParam, Plan

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

# the children of a customer: their table, what a row of each is made of, what orders them
CHILDREN: dict[str, tuple[Any, dict[str, Any], tuple[str, ...]]] = {
    "addresses": (Address, PLACE, ("position", "id")),
    "tags": (CustomerTag, TAG, ("id",)),
    "contacts": (Contact, CONTACT, ("id",)),
}


@dataclass(frozen=True)
class Shown:
    """What is read of a customer: its columns, and those of its children; children of no column are left out.

    A zone of an address is read with `zone_uid`, `zone_name`, `zone_reference`, and becomes `delivery_zone`.
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
    def readers(self) -> dict[str, Callable[[str], list[Row]]]:
        return {name: _reader(columns) for name, columns in self.children.items()}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*self.columns, *(f"{name}_json" for name in self.children))

    def annotated(self, customers: QuerySet) -> QuerySet:
        rows = {f"{name}_json": _child_rows(name, names) for name, names in self.children.items()}
        return customers.annotate(**rows)

    def read(self, row: Row) -> Row:
        """The row with its children out of their JSON."""
        for name, reader in self.readers.items():
            text = row.pop(f"{name}_json")
            row[name] = reader(text) if text else []
        return row


EVERYTHING = Shown(COLUMNS, tuple(PLACE), tuple(TAG), tuple(CONTACT))


def _child_rows(child: str, names: tuple[str, ...]) -> Subquery:
    """The rows of a child table that belong to the outer customer."""
    model, columns, _ = CHILDREN[child]
    own = model.objects.filter(customer=OuterRef("pk"), store=OuterRef("store")).order_by()
    return Subquery(own.annotate(rows=JsonRows(*(columns[name] for name in names))).values("rows"))


@cache
def _compiled(shown: Shown) -> CompiledRows:
    return CompiledRows(lambda: shown.annotated(Customer.objects.all()), shown.names)


@cache
def _finding(shown: Shown, keys: tuple[str, ...]) -> CompiledRow:
    params = {name: BindParam(name, cast(Field, Customer._meta.get_field(name))) for name in keys}
    return CompiledRow(
        lambda: shown.annotated(Customer.objects.live()).filter(**params), shown.names
    )


def customer_rows(customers: QuerySet | Plan, shown: Shown = EVERYTHING) -> list[Row]:
    """Rows of a queryset of customers: columns under their own names, children as lists of rows."""
    return [shown.read(row) for row in _compiled(shown).rows(customers)]


def find_customer(store: Store | None, shown: Shown = EVERYTHING, **key: Any) -> Row:
    """The live customer of a store (None: of any) with this `uid` or `id`.

    Raises NotFound; nobody's id is None.
    """
    if None in key.values():
        raise NotFound
    if store is not None:
        key["store"] = store.pk
    row = _finding(shown, tuple(key)).find(Customer.objects.db, **key)
    if row is None:
        raise NotFound
    return shown.read(row)


@cache
def _whole() -> CompiledRow:
    params = {name: BindParam(name, BigIntegerField()) for name in ("store", "id")}
    return CompiledRow(
        lambda: EVERYTHING.annotated(Customer.objects.filter(**params)), EVERYTHING.names
    )


def full_customer_row(store: int, pk: int) -> Row:
    """Everything of the customer with this key, a deleted one too; it must be there."""
    row = _whole().find(Customer.objects.db, store=store, id=pk)
    assert row is not None, "whoever asks has it under lock"  # noqa: S101
    return EVERYTHING.read(row)


def _reader(names: tuple[str, ...]) -> Callable[[str], list[Row]]:
    """Reads the JSON of a child's rows: arrays of these columns, the first of which order them."""
    converters = [(at, READERS[name]) for at, name in enumerate(names) if name in READERS]
    finish = _with_zone if "zone_uid" in names else _as_it_is

    def read(text: str) -> list[Row]:
        found = sorted(orjson.loads(text))
        for values in found:
            for at, convert in converters:
                if values[at] is not None:
                    values[at] = convert(values[at])
        return [finish(dict(zip(names, values, strict=True))) for values in found]

    return read


def _as_it_is(row: Row) -> Row:
    return row


def _with_zone(row: Row) -> Row:
    zone = {name: row.pop(f"zone_{name}") for name in ("uid", "name", "reference")}
    row["delivery_zone"] = zone if zone["uid"] else None
    return row


def moment(text: str) -> datetime:
    """A time as the engines put it into JSON: ISO 8601 with an offset, or SQLite's naive UTC."""
    return datetime.fromisoformat(text if text[-6:-5] in ("+", "-") else f"{text}+00:00")


def coordinate(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.0000001"))


READERS: dict[str, Callable[[Any], Any]] = {
    "uid": uuid.UUID,
    "zone_uid": uuid.UUID,
    "created_at": moment,
    "updated_at": moment,
    "geocoded_at": moment,
    "latitude": coordinate,
    "longitude": coordinate,
    "is_default": bool,  # SQLite's JSON has numbers for it
    "is_primary": bool,
}


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
    places = {
        name: address[name] and coordinate(address[name]) for name in ("latitude", "longitude")
    }
    zone = zone and {**zone, "uid": uuid.UUID(zone["uid"])}
    return {**address, **times, **places, "uid": uuid.UUID(address["uid"]), "delivery_zone": zone}


def _thaw_contact(contact: Row) -> Row:
    created = datetime.fromisoformat(contact["created_at"])
    return {**contact, "uid": uuid.UUID(contact["uid"]), "created_at": created}
