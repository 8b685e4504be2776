"""Infers a JSON schema from examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import orjson

from customers.api.openapi.schemas import Schema, nullable, reference

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


class Named(dict[str, Any]):
    """An example of an object that is a component of the document, by the component's name."""

    def __init__(self, component: str, example: dict[str, Any]) -> None:
        super().__init__(example)
        self.component = component


def named(component: str, example: dict[str, Any], /, **parts: str) -> Named:
    """Return an example of a component. `parts` name the components of its keys, also of lists of them."""
    example = {
        name: wrap(parts[name], value) if name in parts else value
        for name, value in example.items()
    }
    return Named(component, example)


def wrap(component: str, value: Any) -> Any:
    if isinstance(value, list):
        return [wrap(component, item) for item in value]
    if isinstance(value, dict) and not isinstance(value, Named):
        return Named(component, value)
    return value


def component_schemas(examples: Sequence[Any]) -> dict[str, Schema]:
    """Return the schema of each component in these examples: one that all examples of it match."""
    groups: dict[str, list[Named]] = {}
    for example in examples:
        collect(example, groups)
    return {component: object_schema(group) for component, group in sorted(groups.items())}


def collect(value: Any, groups: dict[str, list[Named]]) -> None:
    """Sort a value's named examples, at any depth, by their components."""
    if isinstance(value, Named):
        groups.setdefault(value.component, []).append(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        collect(item, groups)


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


def _object(examples: list[dict[str, Any]]) -> Schema:
    """Return the reference to a component, the schema of an object, or both as alternatives."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for example in examples:
        groups.setdefault(getattr(example, "component", ""), []).append(example)
    schemas = [reference(name) if name else object_schema(group) for name, group in groups.items()]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def object_schema(examples: Sequence[dict[str, Any]]) -> Schema:
    """Return the schema of an object. It allows other keys, so that new ones break no client."""
    names = list(dict.fromkeys(chain.from_iterable(examples)))
    schemas = {
        name: schema_of([example[name] for example in examples if name in example])
        for name in names
    }
    if names == [ANY_KEY]:
        return {"type": "object", "additionalProperties": schemas[ANY_KEY]}
    required = [name for name in names if all(name in example for example in examples)]
    schema: Schema = {"type": "object", "properties": schemas}
    return {**schema, "required": required} if required else schema


def _array(examples: list[list[Any]]) -> Schema:
    return {"type": "array", "items": schema_of(list(chain.from_iterable(examples)))}


def _text(examples: list[str]) -> Schema:
    choices = [text.values for text in examples if isinstance(text, OneOf)]
    if len(choices) == len(examples):
        values = filter(None, dict.fromkeys(chain.from_iterable(choices)))
        return {"type": "string", "x-extensible-enum": list(values)}  # more may come
    for name, pattern in FORMATS.items():
        if all(pattern.match(text) for text in examples):
            return {"type": "string", "format": name}
    return {"type": "string"}


def _number(examples: list[Any]) -> Schema:
    is_whole = all(isinstance(number, int) for number in examples)
    if is_whole:
        return {"type": "integer", "format": "int64"}
    return {"type": "number", "format": "double"}


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
