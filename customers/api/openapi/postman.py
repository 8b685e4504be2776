"""A Postman collection of a dialect, made from its OpenAPI document."""

from __future__ import annotations

import json
import re
from typing import Any

from customers.api.openapi.schemas import Schema

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
PATH_PART = re.compile(r"{(\w+)}")


def collection(spec: Schema, server: str) -> dict[str, Any]:
    """Return the collection: a folder for each tag. `server` is the first value of `baseUrl`."""
    folders: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            folders[operation["tags"][0]].append(call(path, method.upper(), operation))
    tags = {tag["name"]: tag["description"] for tag in spec["tags"]}
    return {
        "info": {
            "name": spec["info"]["title"],
            "description": spec["info"]["description"],
            "version": spec["info"]["version"],
            "schema": FORMAT,
        },
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{key}}", "type": "string"}],
        },
        "variable": [{"key": "baseUrl", "value": server}, {"key": "key", "value": ""}],
        "item": [
            {"name": name, "description": tags[name], "item": calls}
            for name, calls in folders.items()
            if calls  # a tag may be of webhooks only
        ],
    }


def call(path: str, method: str, operation: Schema) -> dict[str, Any]:
    """Return one request, with its example as the body. Optional parameters are switched off."""
    parameters = operation.get("parameters", [])
    headers = [switched_off(one) for one in parameters if one["in"] == "header"]
    request = {
        "method": method,
        "description": operation["description"],
        "header": headers,
        "url": url(path, parameters),
    }
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        raw = json.dumps(content.get("example", {}), indent=2, ensure_ascii=False)
        language = {"raw": {"language": "json"}}
        request["body"] = {"mode": "raw", "raw": raw, "options": language}
        headers.append({"key": "Content-Type", "value": "application/json"})
    return {"name": operation["summary"], "request": request, "response": []}


def url(path: str, parameters: list[Schema]) -> dict[str, Any]:
    with_colons = PATH_PART.sub(r":\1", path)
    return {
        "raw": f"{{{{baseUrl}}}}{with_colons}",
        "host": ["{{baseUrl}}"],
        "path": with_colons.strip("/").split("/"),
        "query": [switched_off(one) for one in parameters if one["in"] == "query"],
        "variable": [
            {"key": one["name"], "value": "", "description": one["description"]}
            for one in parameters
            if one["in"] == "path"
        ],
    }


def switched_off(parameter: Schema) -> dict[str, Any]:
    text = {"key": parameter["name"], "value": "", "description": parameter["description"]}
    return {**text, "disabled": True}
