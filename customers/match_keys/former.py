"""What those were compared by who were merged into a customer: as such a one they may return.

Stored as JSON: a list with one node for each merge, the oldest first. A node is the key of the merged customer,
the text of its profile, and the list of the nodes that it had itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from customers.match_keys.keys import keys_of
from customers.match_keys.profiles import Profile

MOST_FORMER = 20  # the latest of them, so that one customer does not cost as much as a book
Node = list[Any]


def nodes_of(former: str) -> list[Node]:
    nodes: list[Node] = orjson.loads(former) if former else []
    return nodes


def former_text(nodes: list[Node]) -> str:
    return orjson.dumps(nodes).decode() if nodes else ""


def profiles_of(text: str, former: str) -> tuple[Profile, ...]:
    """Return the profile of a customer, and then those that others had before they were merged into it."""
    texts = [text, *list(texts_in(nodes_of(former)))[-MOST_FORMER:]] if former else [text]
    return tuple(Profile.of_text(one) for one in dict.fromkeys(texts) if one)


def texts_in(nodes: list[Node]) -> Iterator[str]:
    for _, text, inner in nodes:
        yield from texts_in(inner)
        yield text


def keys_of_all(profiles: Sequence[Profile]) -> set[int]:
    """Return the keys of any of these profiles."""
    return set().union(*map(keys_of, profiles))
