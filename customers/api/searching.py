"""Searching a list: whether to walk it in its order or to ask the index of words.

A name that many have is among the first rows soon, while all who have it, thousands, would have to be sorted;
a rare one is found by the index at once, while a walk would see the whole store. So a short walk goes first,
and what it meets tells whether a longer one pays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from customers.api.paging import Listing
from customers.canonical import email_key
from customers.models.searching import search_terms
from customers.reads import Row
from stores.models import Store
from stores.models.base import reverse_ordering

WALKS = (1_000, 20_000)  # rows; about 1 ms a thousand
WALKABLE = {"created_at", "updated_at", "name"}  # in this order an index has a store's customers


@dataclass(frozen=True)
class Searched(Listing):
    """Those of the rows that match a search."""

    terms: list[str]
    walks: tuple[int, ...]

    def part(self, start: int, size: int) -> list[Row]:
        for depth in self.walks:
            rows, is_all = self.walk(depth, start, size)
            if is_all or len(rows) == size:
                return rows
            met = start + len(rows) if rows else 0
            if met * self.walks[-1] < (start + size) * depth:
                break
        found = self.counted.order_without_index(order=self.order)
        return self.read(found[start : start + size])

    def walk(self, depth: int, start: int, size: int) -> tuple[list[Row], bool]:
        """What matches among so many of the first rows, and whether these are all rows."""
        first = self.order[0]
        ends = self.rows.order_by(*self.order)[depth : depth + 1].column(first.removeprefix("-"))
        near = self.rows.walked_for(*self.terms)
        for end in ends:
            near = near.after_keys(end, order=reverse_ordering(first))
        return self.read(near.order_by(*self.order)[start : start + size]), not ends

    @property
    def counted(self) -> Any:
        return self.rows.containing(*self.terms)


def searched(
    store: Store | None,
    customers: Any,
    text: str | None,
    order: tuple[str, ...],
    read: Callable[[Any], list[Row]],
) -> Listing:
    """Customers of a store (None: of any) that match a text, all without one, in this order.

    The customer with exactly the searched e-mail comes first.
    """
    if not text or not text.strip():
        return Listing(customers, order, read)
    terms = search_terms(text)
    if not terms:  # nothing that could be seen
        return Listing(customers.none(), order, read)
    if is_email(text):
        return Listing(ranked(customers.containing(*terms), text), ("rank", *order), read)
    walks = WALKS if store and order[0].removeprefix("-") in WALKABLE else ()
    return Searched(customers, order, read, terms, walks)


def is_email(text: str) -> bool:
    try:
        return bool(email_key(text))
    except ValueError:
        return False


def ranked(customers: Any, text: str) -> QuerySet:
    """Annotates `rank`: 0 for the customer with exactly the searched e-mail, 1 for the others."""
    found = When(email_key=email_key(text), then=Value(0))
    return customers.annotate(rank=Case(found, default=Value(1), output_field=IntegerField()))
