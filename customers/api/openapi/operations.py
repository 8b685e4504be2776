"""Descriptions of actions: what a viewset does not show by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters
from rest_framework.serializers import Serializer

from customers.api.dialect import Problem
from customers.api.filters import FlagFilter, MomentFilter
from customers.api.openapi.schemas import Schema
from customers.api.query import LIMIT_OF_INTEGERS, LONGEST_TEXT, MAY_BE_BLANK, DialectFilterSet

Parameter = dict[str, Any]
# a date, or a date-time in UTC
MOMENT = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$"


@dataclass(frozen=True)
class Operation:
    """The description of one action.

    `answers` are examples of whole bodies, as full and as empty as possible; none for an answer without a
    body. `problems` are errors of this action only. `versioned` actions use the ETag of one customer.
    Those that `name_customer` take a customer's id in the body.
    `context` is passed to the serializer.
    """

    answers: Sequence[Any] = ({},)
    status: int = 200
    body: type[Serializer[Any]] | None = None
    partial: bool = False
    body_optional: bool = False
    query: Sequence[Parameter] = ()
    versioned: bool = False
    name_customer: bool = False
    problems: Sequence[Problem] = ()
    context: Mapping[str, Any] = field(default_factory=dict)


def query(name: str, schema: Schema) -> Parameter:
    return {"name": name, "in": "query", "schema": schema}


def text(name: str) -> Parameter:
    return query(name, {"type": "string", "maxLength": LONGEST_TEXT})


def search() -> Parameter:
    return text("search")


def integer(
    name: str, low: int, high: int = LIMIT_OF_INTEGERS - 1, default: int | None = None
) -> Parameter:
    """Return the parameter for a whole number. Clients may send its default, so that must mean nothing."""
    schema: Schema = {"type": "integer", "format": "int64", "minimum": low, "maximum": high}
    return query(name, schema if default is None else schema | {"default": default})


def choice(name: str, choices: Iterable[str], default: str = "") -> Parameter:
    schema: Schema = {"type": "string", "enum": list(choices)}
    return query(name, schema | ({"default": default} if default else {}))


def filters(filterset: type[DialectFilterSet], spelling: str = "{}") -> list[Parameter]:
    """Return the parameters of a filterset; `spelling` is how the wire writes their names."""
    return [
        query(spelling.format(name), filter_schema(name, wire_filter))
        for name, wire_filter in filterset.base_filters.items()
    ]


def filter_schema(name: str, wire_filter: django_filters.Filter) -> Schema:
    """Return the JSON schema of a filter. A filter may have its own as `json_schema`."""
    json_schema = getattr(wire_filter, "json_schema", None)
    if json_schema is not None:
        return dict(json_schema)
    if isinstance(wire_filter, MomentFilter):
        return {"type": "string", "pattern": MOMENT}
    if isinstance(wire_filter, FlagFilter):
        return {"type": "string", "enum": list(wire_filter.extra["literals"])}
    if isinstance(wire_filter, django_filters.ChoiceFilter):
        return {"type": "string", "enum": [value for value, _ in wire_filter.extra["choices"]]}
    min_length = {} if name in MAY_BE_BLANK else {"minLength": 1}
    return {"type": "string", "maxLength": LONGEST_TEXT, **min_length}
