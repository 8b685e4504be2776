"""Writes what may be null as OpenAPI 3.1 does."""

from __future__ import annotations

from typing import Any

NULL = {"type": "null"}


def as_openapi_31(part: Any) -> Any:
    """Return a part of a document with each `nullable` turned into the type `null`."""
    if isinstance(part, list):
        return [as_openapi_31(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: as_openapi_31(value) for name, value in part.items()}
    return with_null(part) if part.pop("nullable", None) is True else part


def with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with null as one more alternative."""
    if isinstance(schema.get("type"), str) and "allOf" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], NULL]}
    # a reference to a component, or drf-spectacular's reference in `allOf`
    target = schema["allOf"][0] if "allOf" in schema else {"$ref": schema["$ref"]}
    others = {name: schema[name] for name in schema if name not in ("$ref", "allOf", "type")}
    return {**others, "anyOf": [target, NULL]}
