"""Searching newest-first lists: whether to walk the newest customers or to ask the trigrams.

A name that many have is among the newest ones soon, while all who have it, thousands, would have to be
sorted; a rare one is found by the trigrams at once, while a walk would see the whole store. So a short walk
goes first, and what it meets tells whether a longer one pays.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from stores.compiled import planned_anew

NEWEST = ("-created_at", "-id")
WALKS = (1_000, 20_000)  # rows; about 1 ms a thousand

Read = Callable[[QuerySet], list[Row]]


def first_matching(customers: CustomerQuerySet, text: str, size: int, read: Read) -> list[Row]:
    """The first rows of an ordered queryset that match a search, at most `size` of them."""
    with planned_anew(customers.db):
        if customers.query.order_by != NEWEST:
            return read(customers.matching(text)[:size])
        for depth in WALKS:
            end = customers.values_list("created_at", flat=True)[depth : depth + 1].first()
            near = customers.walked_for(text)
            rows = read((near if end is None else near.filter(created_at__gt=end))[:size])
            if len(rows) == size or end is None:
                return rows
            if len(rows) * WALKS[-1] < size * depth:
                break
        no_index_has = Coalesce("created_at", "updated_at").desc()
        return read(customers.matching(text).order_by(no_index_has, "-id")[:size])
