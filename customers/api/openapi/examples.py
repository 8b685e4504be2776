"""Example rows and models, as full and as empty as possible, for OpenAPI documents. None is stored."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, ForeignKey, Model

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
    """Return the fullest or the emptiest value of a column."""
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
    """Return a row of the read model, without children."""
    columns = (field for field in model._meta.concrete_fields if not isinstance(field, BinaryField))
    return {column.attname: value_of(column, full=full) for column in columns} | more


def example_of(model: type[Model], *, full: bool, **more: Any) -> Any:
    """Return an unsaved instance with those that its foreign keys point to, but none of its own table."""
    instance = model()
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey):
            is_set = (full or not column.null) and column.related_model is not model
            related = example_of(column.related_model, full=full) if is_set else None
            setattr(instance, column.name, related)
        else:
            setattr(instance, column.attname, value_of(column, full=full))
    for name, value in more.items():
        setattr(instance, name, value)
    return instance


def examples_of(model: type[Model], **more: Any) -> list[Any]:
    return [example_of(model, full=full, **more) for full in (True, False)]


def customers() -> list[Row]:
    """Return a full row, one whose children are empty, and one without children."""
    contacts = [row_of(Contact, full=full) for full in (True, False)]
    return [
        row_of(
            Customer,
            full=True,
            addresses=[
                address(full=True),
                address(full=True, role="billing", is_default=False),
                address(full=True, is_default=False, external_id=""),  # shown as null, not left out
                address(
                    full=True, is_default=False, delivery_zone=row_of(DeliveryZone, full=False)
                ),
            ],
            tags=[row_of(Tag, full=True)],
            contacts=contacts,
        ),
        row_of(Customer, full=False, addresses=[address(full=False)], tags=[], contacts=contacts),
        row_of(Customer, full=False, addresses=[], tags=[], contacts=[]),
    ]


def address(*, full: bool, **more: Any) -> Row:
    zone = row_of(DeliveryZone, full=True) if full else None
    fixed = {"role": "delivery", "is_default": True, "delivery_zone": zone}
    return row_of(Address, full=full) | fixed | more


def orders() -> list[Row]:
    """Return rows of `orders.reads`, with a full address, an empty one, and none."""
    children = {
        "customer_uid": UID,
        "lines": [row_of(OrderLine, full=full) for full in (True, False)],
        "payments": [row_of(Payment, full=True)],
    }
    shipping_addresses = [address(full=True), address(full=False), None]
    return [
        row_of(
            Order, full=shipping_address is not None, shipping_address=shipping_address, **children
        )
        for shipping_address in shipping_addresses
    ]


def snapshot(row: Row) -> Row:
    """Return a row as it is stored in an event."""
    event_row: Row = json.loads(json.dumps(row, cls=DjangoJSONEncoder))
    return event_row
