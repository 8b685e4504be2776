"""ETags of customers: a digest of what this dialect shows.

A customer's version also counts what others see only, such as an order's effect on the balance. With that in
its ETag, a shop's change would be refused whenever the customer orders something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from customers.api.conditions import tags_of
from customers.reads import Row

LENGTH = 16  # hexadecimal digits


def tag_of(representation: dict[str, Any]) -> str:
    """Return the ETag of a customer as shown, without quotes. Its time of change makes no difference."""
    shown = {name: value for name, value in representation.items() if name != "updatedAt"}
    return hashlib.sha256(orjson.dumps(shown)).hexdigest()[:LENGTH]


def accepted_versions(
    if_match: str, row: Row, representations: Iterable[dict[str, Any]]
) -> frozenset[int] | None:
    """Return the row's version if `If-Match` names what is shown of it now, no version if not, None for any.

    The version itself, as events have it, is accepted in quotes, too.
    """
    tags = tags_of(if_match)
    if tags == ["*"]:
        return None
    current = {f'"{tag}"' for tag in (row["version"], *map(tag_of, representations))}
    return frozenset({row["version"]} if current.intersection(tags) else ())
