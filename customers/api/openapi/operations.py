"""What a document says of one action beyond what its viewset shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters
from rest_framework.serializers import Serializer

from customers.api.dialect import Problem
from customers.api.filters import FlagFilter, MomentFilter
from customers.api.openapi.inference import Schema
from customers.api.query import LIMIT_OF_INTEGERS, LONGEST_TEXT, MAY_BE_BLANK, DialectFilterSet

Parameter = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """`answers` are examples of whole bodies, all that may be there and as little as there may be;
    none means an answer without a body. `problems` are refusals that only this action knows, `versioned`
    is what works on one customer by its ETag, `context` what its serializer must know."""

    answers: Sequence[Any] = ({},)
    status: int = 200
    body: type[Serializer[Any]] | None = None
    partial: bool = False
    body_optional: bool = False
    query: Sequence[Parameter] = ()
    versioned: bool = False
    problems: Sequence[Problem] = ()
    context: Mapping[str, Any] = field(default_factory=dict)


def query(name: str, schema: Schema, description: str = "") -> Parameter:
    said = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema, **said}


def text(name: str, description: str = "") -> Parameter:
    return query(name, {"type": "string", "maxLength": LONGEST_TEXT}, description)


def search(searched: str) -> Parameter:
    return text("search", f"A part of {searched}, whatever its case and accents.")


def integer(name: str, default: int, low: int, high: int = LIMIT_OF_INTEGERS - 1) -> Parameter:
    return query(name, {"type": "integer", "minimum": low, "maximum": high, "default": default})


def choice(name: str, choices: Iterable[str], default: str = "") -> Parameter:
    schema: Schema = {"type": "string", "enum": list(choices)}
    return query(name, schema | ({"default": default} if default else {}))


def filters(filterset: type[DialectFilterSet], spelling: str = "{}") -> list[Parameter]:
    """The parameters of a filterset; `spelling` is what the wire makes of their names."""
    return [
        query(spelling.format(name), filter_schema(name, one))
        for name, one in filterset.base_filters.items()
    ]


def filter_schema(name: str, one: django_filters.Filter) -> Schema:
    """A filter that no line here knows may say `json_schema` itself."""
    own = getattr(one, "json_schema", None)
    if own is not None:
        return dict(own)
    if isinstance(one, MomentFilter):
        return {"anyOf": [{"type": "string", "format": kind} for kind in ("date", "date-time")]}
    if isinstance(one, FlagFilter):
        return {"type": "string", "enum": list(one.extra["literals"])}
    if isinstance(one, django_filters.ChoiceFilter):
        return {"type": "string", "enum": [value for value, _ in one.extra["choices"]]}
    least = {} if name in MAY_BE_BLANK else {"minLength": 1}
    return {"type": "string", "maxLength": LONGEST_TEXT, **least}
