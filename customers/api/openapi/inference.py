"""Infers a JSON schema from examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import orjson

Schema = dict[str, Any]

ANY_KEY = "*"  # stands for any key that a client may choose
FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z"),
    "date": re.compile(r"\d{4}-\d\d-\d\d\Z"),
}


class OneOf(str):
    """An example of a text that has one of these values."""

    values: tuple[str, ...]

    def __new__(cls, *values: str) -> OneOf:
        text = super().__new__(cls, values[0])
        text.values = values
        return text


def schema_of(examples: Sequence[Any]) -> Schema:
    """Return a schema that all examples match.

    A key that some examples lack is optional. A value that is None in some is nullable.
    """
    present = [example for example in examples if example is not None]
    kinds: dict[str, list[Any]] = {}
    for example in present:
        kinds.setdefault(kind_of(example), []).append(example)
    schemas = [KINDS[kind](group) for kind, group in kinds.items()]
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
    schemas = {
        name: schema_of([example[name] for example in examples if name in example])
        for name in names
    }
    if names == [ANY_KEY]:
        return {"type": "object", "additionalProperties": schemas[ANY_KEY]}
    required = [name for name in names if all(name in example for example in examples)]
    schema: Schema = {"type": "object", "properties": schemas, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _array(examples: list[list[Any]]) -> Schema:
    return {"type": "array", "items": schema_of(list(chain.from_iterable(examples)))}


def _text(examples: list[str]) -> Schema:
    choices = [text.values for text in examples if isinstance(text, OneOf)]
    if len(choices) == len(examples):
        return {"type": "string", "enum": list(dict.fromkeys(chain.from_iterable(choices)))}
    for name, pattern in FORMATS.items():
        if all(pattern.match(text) for text in examples):
            return {"type": "string", "format": name}
    return {"type": "string"}


def _number(examples: list[Any]) -> Schema:
    is_whole = all(isinstance(number, int) for number in examples)
    return {"type": "integer" if is_whole else "number"}


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
