"""The documents as tests read them: closed, so that an answer with a key or value that they lack is found.

The served documents are open, because a new key or value may not break clients.
"""

from __future__ import annotations

import json
from typing import Any

from config.wsgi import application
from customers.api.openapi.document import document
from customers.dialects import packages

INPUTS = ("New", "Change", "Input")
DOCUMENT = "/openapi.json"


def strict_application(environ: dict[str, Any], start_response: Any) -> Any:
    """Serve the project, and its documents in their strict form."""
    path = environ["PATH_INFO"]
    if not path.endswith(DOCUMENT):
        return application(environ, start_response)
    name = path.removesuffix(DOCUMENT).rpartition("/")[2]
    body = json.dumps(strict(document(packages()[name]))).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]


def strict(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = {
        name: exact(schema) if is_input(name) else closed(schema)
        for name, schema in spec["components"]["schemas"].items()
    }
    return {**spec, "components": {**spec["components"], "schemas": schemas}}


def is_input(component: str) -> bool:
    return component.startswith(INPUTS[0]) or component.endswith(INPUTS[1:])


def closed(part: Any) -> Any:
    """Return a schema without room for other keys and values."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: closed(value) for name, value in part.items()}
    if isinstance(part.get("properties"), dict) and part.get("type") == "object":
        part.setdefault("additionalProperties", False)
    if "x-extensible-enum" in part:
        null = [None] if isinstance(part["type"], list) else []
        part["enum"] = [*part["x-extensible-enum"], *null]
    return part


def exact(part: Any) -> Any:
    """Return a schema of a body whose amounts have two decimals, as the APIs take them."""
    if isinstance(part, list):
        return [exact(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: exact(value) for name, value in part.items()}
    return part | {"multipleOf": 0.01} if part.get("format") == "double" else part
