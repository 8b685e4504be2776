"""Cursors in the application's format: base64url JSON, bound to a list's order and search."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import orjson


def binding(search: str | None) -> str:
    said = orjson.dumps([["-created_at", "-id"], [search, None]])
    return hashlib.sha256(said).hexdigest()[:16]


def cursor(bound: str, backwards: int, row: tuple[Any, ...]) -> str:
    said = orjson.dumps({"b": bound, "d": backwards, "v": [row[11], row[13]]})
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def values(text: str) -> list[Any]:
    return orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["v"]
