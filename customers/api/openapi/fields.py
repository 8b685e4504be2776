"""The JSON schema of serializer fields. A field may have its own as `json_schema`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from customers.api import fields
from customers.api.money_fields import Money
from customers.api.openapi.schemas import Schema, one_of
from customers.money import LIMIT

PHONE = r"^[0-9 +().-]*[0-9][0-9 +().-]*$"
HEX = "[0-9a-f]{32}$"

# One type for each field, because typed clients cannot use several. The APIs also take numbers as text,
# and flags as numbers.


def text(field: Any) -> Schema:
    return {"type": "string", "maxLength": field.max_length}


def phone(field: Any) -> Schema:
    return {"type": "string", "maxLength": 60, "pattern": PHONE}


def email(field: Any) -> Schema:
    return {"type": "string", "format": "email", "maxLength": 254}


def choice(field: Any) -> Schema:
    """Return a pattern or a range instead of an enum, so that a value that was read can be sent back."""
    values = list(field.choices)
    if all(isinstance(value, int) for value in values):
        return {
            "type": "integer",
            "format": "int64",
            "minimum": min(values),
            "maximum": max(values),
        }
    return one_of(values)


def money(field: Any) -> Schema:
    high = LIMIT - 1 if field.high is None else int(field.high)
    low = -high if field.low is None else int(field.low)
    return {"type": "number", "format": "double", "minimum": low, "maximum": high}


def uid(field: Any) -> Schema:
    if field.prefix:
        return {"type": "string", "pattern": f"^{field.prefix}{HEX}"}
    return {"type": "string", "format": "uuid"}


def integer(field: Any) -> Schema:
    return {"type": "integer", "format": "int64", "minimum": field.low, "maximum": field.high}


def coordinate(field: Any) -> Schema:
    return {"type": "number", "format": "double", "minimum": -field.most, "maximum": field.most}


SCHEMAS: list[tuple[type[serializers.Field[Any, Any, Any, Any]], Callable[[Any], Schema]]] = [
    (fields.PhoneNumber, phone),
    (fields.Email, email),
    (fields.Text, text),
    (fields.Flag, lambda f: {"type": "boolean"}),
    (Money, money),
    (fields.Integer, integer),
    (fields.Day, lambda f: {"type": "string", "format": "date"}),
    (fields.Moment, lambda f: {"type": "string", "format": "date-time"}),
    (fields.Coordinate, coordinate),
    (fields.Uid, uid),
    (fields.Choice, choice),
]


class DialectField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # drf-spectacular
    target_class = serializers.Field
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        json_schema = getattr(self.target, "json_schema", None)
        if json_schema is not None:
            return dict(json_schema)
        for kind, describe in SCHEMAS:
            if isinstance(self.target, kind):
                return describe(self.target)
        schema: Schema = auto_schema._map_serializer_field(
            self.target, direction, bypass_extensions=True
        )
        return schema | sizes(self.target)


def sizes(field: Any) -> Schema:
    """Return the limits of a list's length."""
    if not isinstance(field, serializers.ListField | serializers.ListSerializer):
        return {}
    min_items = {} if field.allow_empty else {"minItems": 1}
    longest = getattr(field, "max_length", None)
    return min_items if longest is None else {**min_items, "maxItems": longest}
