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
    shown = orjson.loads(orjson.dumps(representation))
    changes = _changes(body, shown, followers)
    for name, always_kept in merged_lists.items():
        if isinstance(items := changes.get(name), list):
            changes[name] = [_changes_of_item(item, shown[name], always_kept) for item in items]
    return changes


def _changes(body: Body, shown: Body, followers: Mapping[str, str]) -> Body:
    echoes = {name for name in body if name in shown and is_same(body[name], shown[name])}
    if len(echoes) < 2:
        return dict(body)
    changed = body.keys() - echoes
    echoes -= {name for name, leader in followers.items() if leader in changed}
    return {name: value for name, value in body.items() if name not in echoes}


def _changes_of_item(item: Any, shown_items: list[Body], always_kept: Collection[str]) -> Any:
    """Return the item without the values that equal those of the shown item with its id."""
    if not isinstance(item, dict):
        return item
    shown = next((other for other in shown_items if other["id"] == item.get("id")), {})
    changes = _changes(item, shown, {})
    return {name: value for name, value in item.items() if name in changes or name in always_kept}


def is_same(sent: Any, shown: Any) -> bool:
    """True for equal JSON values: `1` equals `1.00`, but not `true`."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return sent.keys() == shown.keys() and all(is_same(sent[key], shown[key]) for key in sent)
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(is_same, sent, shown))
    if isinstance(sent, bool) or isinstance(shown, bool):
        return sent is shown
    # `reader` reads fractions of a body as Decimal, orjson as float
    return bool((float(sent) if isinstance(sent, Decimal) else sent) == shown)
