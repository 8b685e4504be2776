"""Rows and models as full and as empty as they can be, to describe OpenAPI documents from; never stored."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, ForeignKey, Model

from customers.api.openapi.inference import OneOf
from customers.models import Address, Contact, Customer, DeliveryZone, Tag
from customers.reads import Row
from orders.models import Order, OrderLine, Payment

UID = uuid.UUID(int=1)
MOMENT = datetime(2024, 1, 10, 8, tzinfo=UTC)
FULL: dict[str, Any] = {
    "UUIDField": UID,
    "DateTimeField": MOMENT,
    "DateField": date(1986, 9, 17),
    "DecimalField": Decimal("12.34"),
    "BooleanField": True,
    "BinaryField": b"",
    "JSONField": ["text"],
}
BARE = FULL | {"BooleanField": False, "DecimalField": Decimal(0)}
TEXTS = ("CharField", "TextField", "URLField")


def value_of(field: Field[Any, Any], *, full: bool) -> Any:
    """What a column holds at most, or at least."""
    if field.null and not full:
        return None
    kind = field.get_internal_type()
    if kind not in TEXTS:
        return (FULL if full else BARE).get(kind, 7)
    if field.choices:
        blank = ("",) if field.blank else ()
        return OneOf(*(str(value) for value, _ in field.flatchoices), *blank)
    return "text" if full or not field.blank else ""


def row_of(model: type[Model], *, full: bool, **more: Any) -> Row:
    """The columns of a table under their names."""
    columns = model._meta.concrete_fields
    return {column.attname: value_of(column, full=full) for column in columns} | more


def example_of(model: type[Model], *, full: bool, **more: Any) -> Any:
    """An unsaved instance, with what it points to."""
    made = model()
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey):
            present = full or not column.null
            setattr(
                made, column.name, example_of(column.related_model, full=full) if present else None
            )
        else:
            setattr(made, column.attname, value_of(column, full=full))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def examples_of(model: type[Model], **more: Any) -> list[Any]:
    return [example_of(model, full=full, **more) for full in (True, False)]


def customers() -> list[Row]:
    """Rows with everything, with children that have nothing, and without children."""
    people = [row_of(Contact, full=full) for full in (True, False)]
    return [
        row_of(
            Customer,
            full=True,
            addresses=[
                address(full=True),
                address(full=True, role="billing", is_default=False),
                address(full=True, is_default=False, external_id=""),  # sent, but as null
            ],
            tags=[row_of(Tag, full=True)],
            contacts=people,
        ),
        row_of(Customer, full=False, addresses=[address(full=False)], tags=[], contacts=people),
        row_of(Customer, full=False, addresses=[], tags=[], contacts=[]),
    ]


def address(*, full: bool, **more: Any) -> Row:
    zone = row_of(DeliveryZone, full=True) if full else None
    fixed = {"role": "delivery", "is_default": True, "delivery_zone": zone}
    return row_of(Address, full=full) | fixed | more


def orders() -> list[Row]:
    """Rows of `orders.reads`, sent to a whole address, to one that has nothing, and to none."""
    children = {
        "customer_uid": UID,
        "lines": [row_of(OrderLine, full=True)],
        "payments": [row_of(Payment, full=True)],
    }
    places = [address(full=True), address(full=False), None]
    return [
        row_of(Order, full=place is not None, shipping_address=place, **children)
        for place in places
    ]


def snapshot(row: Row) -> Row:
    """A row as an event keeps it."""
    event_row: Row = json.loads(json.dumps(row, cls=DjangoJSONEncoder))
    return event_row
