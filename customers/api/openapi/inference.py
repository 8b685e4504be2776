"""The JSON schema of values, from examples of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import orjson

Schema = dict[str, Any]

ANY_KEY = "*"  # a key that stands for keys of the client's own
FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z"),
    "date": re.compile(r"\d{4}-\d\d-\d\d\Z"),
}


class OneOf(str):
    """A text that is one of a few."""

    values: tuple[str, ...]

    def __new__(cls, *values: str) -> OneOf:
        made = super().__new__(cls, values[0])
        made.values = values
        return made


def schema_of(examples: Sequence[Any]) -> Schema:
    """What the examples have in common: a key that some of them lack is optional, one that is None in
    some is nullable. An example with more in it than another never contradicts that one."""
    present = [one for one in examples if one is not None]
    kinds: dict[str, list[Any]] = {}
    for one in present:
        kinds.setdefault(kind_of(one), []).append(one)
    schemas = [KINDS[kind](own) for kind, own in kinds.items()]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas} if schemas else {}
    return nullable(schema) if len(present) < len(examples) else schema


def kind_of(value: Any) -> str:
    for kind, types in TYPES.items():
        if isinstance(value, types):
            return kind
    raise TypeError(value)


def nullable(schema: Schema) -> Schema:
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "nullable": True}


def _object(examples: list[dict[str, Any]]) -> Schema:
    names = list(dict.fromkeys(chain.from_iterable(examples)))
    schemas = {name: schema_of([one[name] for one in examples if name in one]) for name in names}
    if names == [ANY_KEY]:
        return {"type": "object", "additionalProperties": schemas[ANY_KEY]}
    required = [name for name in names if all(name in one for one in examples)]
    schema: Schema = {"type": "object", "properties": schemas, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _array(examples: list[list[Any]]) -> Schema:
    return {"type": "array", "items": schema_of(list(chain.from_iterable(examples)))}


def _text(examples: list[str]) -> Schema:
    if all(isinstance(one, OneOf) for one in examples):
        known = chain.from_iterable(one.values for one in examples if isinstance(one, OneOf))
        return {"type": "string", "enum": list(dict.fromkeys(known))}
    for name, pattern in FORMATS.items():
        if all(pattern.match(one) for one in examples):
            return {"type": "string", "format": name}
    return {"type": "string"}


def _number(examples: list[Any]) -> Schema:
    whole = all(isinstance(one, int) for one in examples)
    return {"type": "integer" if whole else "number"}


TYPES: dict[str, Any] = {
    "boolean": bool,
    "text": str,
    "number": (int, Decimal, orjson.Fragment),
    "object": dict,
    "array": list,
}
KINDS: dict[str, Any] = {
    "boolean": lambda examples: {"type": "boolean"},
    "text": _text,
    "number": _number,
    "object": _object,
    "array": _array,
}
