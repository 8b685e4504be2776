"""Drops values that clients send back unchanged.

A customer from one dialect may lack a value that another dialect requires, or have one that it refuses.
Clients read the whole object, change one value and send all of it. Values that they leave unchanged must not be
refused, and must stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import orjson

Body = dict[str, Any]


def drop_echoes(
    body: Body,
    representation: Mapping[str, Any],
    followers: Mapping[str, str],
    merged_lists: Mapping[str, Collection[str]],
) -> Body:
    """Return the body without the values that equal the representation's, when there are two or more.

    A single equal value is kept: the client may mean it. BodySerializer describes the other arguments.
    """
    current_body = orjson.loads(orjson.dumps(representation))
    changes = _changes(body, current_body, followers)
    for name, always_kept in merged_lists.items():
        if isinstance(items := changes.get(name), list):
            changes[name] = [
                _changes_of_item(item, current_body[name], always_kept) for item in items
            ]
    return changes


def _changes(body: Body, current_body: Body, followers: Mapping[str, str]) -> Body:
    echoes = {
        name for name in body if name in current_body and is_same(body[name], current_body[name])
    }
    if len(echoes) < 2:
        return dict(body)
    changed = body.keys() - echoes
    echoes -= {name for name, leader in followers.items() if leader in changed}
    return {name: value for name, value in body.items() if name not in echoes}


def _changes_of_item(item: Any, current_items: list[Body], always_kept: Collection[str]) -> Any:
    """Return the item without the values that equal those of the current item with its id."""
    if not isinstance(item, dict):
        return item
    current_item = next((other for other in current_items if other["id"] == item.get("id")), {})
    changes = _changes(item, current_item, {})
    return {name: value for name, value in item.items() if name in changes or name in always_kept}


def is_same(value: Any, other: Any) -> bool:
    """True for equal JSON values: `1` equals `1.00`, but not `true`."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(
            is_same(value[key], other[key]) for key in value
        )
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(is_same, value, other))
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    # `reader` reads fractions of a body as Decimal, orjson as float
    return bool((float(value) if isinstance(value, Decimal) else value) == other)
