"""Searching newest-first lists: whether to walk the newest customers or to ask the trigrams.

A name that many have is among the newest ones soon, while all who have it, thousands, would have to be
sorted; a rare one is found by the trigrams at once, while a walk would see the whole store. So a short walk
goes first, and what it meets tells whether a longer one pays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from customers.models.customer import search_terms
from customers.reads import Row
from stores.compiled import planned_anew

WALKS = (1_000, 20_000)  # rows; about 1 ms a thousand

Read = Callable[[Any], list[Row]]


def newest_matching(text: str, read: Read, customers: Any, size: int) -> list[Row]:
    """The newest of some customers, already in that order, that match a search; at most `size` of them."""
    terms = search_terms(text)
    if not terms:
        return []
    with planned_anew(customers.db):
        for depth in WALKS:
            end = next(iter(customers[depth : depth + 1].column("created_at")), None)
            near = customers.walked_for(*terms)
            rows = read((near if end is None else near.newer_than(end))[:size])
            if len(rows) == size or end is None:
                return rows
            if len(rows) * WALKS[-1] < size * depth:
                break
        return read(customers.containing(*terms).sorted_newest_first()[:size])
