"""Real requests and answers as the examples of a document, from a dialect's `samples.json`.

The tests record them: `pytest --rewrite-golden tests/openapi/test_samples.py`.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from customers.api.openapi.schemas import Schema

FILE = "samples.json"


class Samples:
    """The recorded calls of a dialect, by operation: `request` and `response` are their bodies."""

    def __init__(self, package: str) -> None:
        path = files(package) / FILE
        self.calls: dict[str, dict[str, Any]] = (
            json.loads(path.read_text()) if path.is_file() else {}
        )

    def illustrate(self, spec: Schema) -> None:
        """Add the examples to the bodies of a document's operations."""
        for operation in (one for path in spec["paths"].values() for one in path.values()):
            call = self.calls.get(operation["operationId"], {})
            if "requestBody" in operation and "request" in call:
                set_example(operation["requestBody"], call["request"])
            success = next(one for status, one in operation["responses"].items() if status < "300")
            if "response" in call:
                set_example(success, call["response"])


def set_example(body: Schema, value: Any) -> None:
    for content in body.get("content", {}).values():
        content["example"] = value
