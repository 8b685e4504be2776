"""Small parts of JSON schemas. `nullable` marks what may be null; `versions` turns it into a type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


def nullable(schema: Schema) -> Schema:
    return {**schema, "nullable": True}


def reference(component: str) -> Schema:
    return {"$ref": f"#/components/schemas/{component}"}


def one_of(values: Iterable[str]) -> Schema:
    """Return the schema of a text in a body that is one of these values.

    It is no enum: answers are open for more values, and typed clients can then send back what they read.
    """
    pattern = "|".join(re.escape(value) for value in values)
    return {"type": "string", "pattern": f"^({pattern})$", "x-extensible-enum": list(values)}
