"""The JSON schema of serializer fields. A field may have its own as `json_schema`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from customers.api import fields
from customers.api.openapi.inference import Schema
from customers.money import LIMIT

PHONE = r"^[0-9 +().-]*[0-9][0-9 +().-]*$"
HEX = "[0-9a-f]{32}$"


def text(field: Any) -> Schema:
    return {"type": "string", "maxLength": field.max_length}


def phone(field: Any) -> Schema:
    text_schema = {"type": "string", "maxLength": 60, "pattern": PHONE}
    blank = [{"type": "string", "enum": [""]}] if field.allow_blank else []
    return {"anyOf": [text_schema, {"type": "integer", "minimum": 0}, *blank]}


def email(field: Any) -> Schema:
    text_schema = {"type": "string", "format": "email", "maxLength": 254}
    return (
        {"anyOf": [text_schema, {"type": "string", "enum": [""]}]}
        if field.allow_blank
        else text_schema
    )


def flag(field: Any) -> Schema:
    """Use one schema for each type: generators of clients refuse an enum of several types."""
    numbers = [value for value in field.also if type(value) is int]
    texts = [value for value in field.also if isinstance(value, str)]
    other_types: list[Schema] = [{"type": "integer", "enum": numbers}] if numbers else []
    other_types += [{"type": "string", "enum": texts}] if texts else []
    return {"anyOf": [{"type": "boolean"}, *other_types]} if other_types else {"type": "boolean"}


def choice(field: Any) -> Schema:
    kind = "integer" if all(isinstance(value, int) for value in field.choices) else "string"
    null = [None] if field.allow_null else []
    return {"type": kind, "enum": [*field.choices, *null]}


def money(field: Any) -> Schema:
    high = LIMIT - 1 if field.high is None else int(field.high)
    low = -high if field.low is None else int(field.low)
    number = {"type": "number", "minimum": low, "maximum": high, "multipleOf": 0.01}
    whole = len(str(high)) - 1  # one digit less, so that no text is above the limit
    text = rf"^{'-?' if low < 0 else ''}[0-9]{{1,{whole}}}(\.[0-9]{{1,2}})?$"
    return {"anyOf": [number, {"type": "string", "pattern": text}]}


def uid(field: Any) -> Schema:
    if field.prefix:
        return {"type": "string", "pattern": f"^{field.prefix}{HEX}"}
    return {"type": "string", "format": "uuid"}


def coordinate(field: Any) -> Schema:
    degrees = {"type": "number", "minimum": -field.most, "maximum": field.most}
    return {"anyOf": [degrees, {"type": "string", "pattern": r"^-?[0-9]{1,2}(\.[0-9]{1,30})?$"}]}


SCHEMAS: list[tuple[type[serializers.Field[Any, Any, Any, Any]], Callable[[Any], Schema]]] = [
    (fields.PhoneNumber, phone),
    (fields.Email, email),
    (fields.Text, text),
    (fields.Flag, flag),
    (fields.Money, money),
    (fields.Integer, lambda f: {"type": "integer", "minimum": f.low, "maximum": f.high}),
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
