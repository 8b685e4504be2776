"""The rule for values that clients send back as they were shown.

A customer that one dialect made may lack what another one demands, or have what that one would not take. Its
clients read the whole object, change a value and send all of it. What they leave as it was must stay as it is.
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
    """Drop the values that are sent as the representation shows them, when there are two or more.

    A value that is sent by itself, or among new ones, is meant. BodySerializer describes the other arguments.
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
    """Compare an item with the one that is shown under its id."""
    if not isinstance(item, dict):
        return item
    shown = next((other for other in shown_items if other["id"] == item.get("id")), {})
    changes = _changes(item, shown, {})
    return {name: value for name, value in item.items() if name in changes or name in always_kept}


def is_same(sent: Any, shown: Any) -> bool:
    """Compare a JSON value with one that orjson read: `1` is `1.00`, and not `true`."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return sent.keys() == shown.keys() and all(is_same(sent[key], shown[key]) for key in sent)
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(is_same, sent, shown))
    if isinstance(sent, bool) or isinstance(shown, bool):
        return sent is shown
    # fractions are read exactly from a body, and as floats by orjson
    return bool((float(sent) if isinstance(sent, Decimal) else sent) == shown)
