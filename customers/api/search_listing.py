"""Searches a list, by scanning it in its order or by the trigram index.

A frequent name is among the first rows of a scan, while the index would find thousands that must be sorted.
A rare name is found by the index at once, while a scan would read the whole store. So a short scan comes first,
and the number of its hits decides whether a longer scan is worth it. The first rows may be unlike the others,
for example after an import. An estimate of all hits then decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from customers.api.paging import Listing
from customers.canonical import email_key, search_digits
from customers.models.customer_queryset import CustomerQuerySet, Groups
from customers.models.customer_words import TRIGRAM
from customers.models.estimates import estimated_matches
from customers.models.substring_search import search_terms
from customers.reads import Row
from stores.database.plans import Plan
from stores.models import Store
from stores.models.base import reverse_ordering

SCAN_DEPTHS = (1_000, 20_000)  # rows; about 1 ms a thousand
MAX_SCAN_DEPTH = 100_000
MAX_WORDS = 20  # the first ones of a longer text
INDEXED_ORDERS = {
    "created_at",
    "updated_at",
    "name_key",
}  # those that an index of a store's customers has


@dataclass(frozen=True)
class SearchListing(Listing):
    """The rows of a list that match a search."""

    terms: list[str]
    groups: Groups
    scan_depths: tuple[int, ...]
    store_id: int = 0  # for scans, which only a store has

    def slice(self, start: int, size: int) -> list[Row]:
        for rows, is_all in self.scans(start, size):
            if is_all or len(rows) == size:
                return rows
        matches = self.all_rows.order_without_index(order=self.order)
        return self.read(matches[start : start + size])

    def scans(self, start: int, size: int) -> Iterator[tuple[list[Row], bool]]:
        """Scan more and more rows, as long as that promises to be faster than the index."""
        if not self.scan_depths:
            return
        rows, is_all = self.scan(self.scan_depths[0], start, size)
        yield rows, is_all
        for depth in self.deeper(start + len(rows) if rows else 0, start + size):
            yield self.scan(depth, start, size)

    def deeper(self, hits: int, needed: int) -> list[int]:
        """Return the depths of the next scans after so many hits in the first; [] when the index is faster."""
        first, second = self.scan_depths
        if hits * second >= needed * first:
            return [second]
        # the index takes at least as long for each match as a scan takes for a row
        max_hits = min(
            estimated_matches(self.store_id, *self.terms, groups=self.groups), MAX_SCAN_DEPTH
        )
        if max_hits < max(needed, 2 * first):
            return []
        return [second, max_hits] if max_hits > 2 * second else [max_hits]

    def scan(self, depth: int, start: int, size: int) -> tuple[list[Row], bool]:
        """Return the matches among the first `depth` rows, and whether these are all rows of the list."""
        first = self.order[0]
        ends = self.rows.order_by(*self.order)[depth : depth + 1].column(first.removeprefix("-"))
        rows = self.rows.scan_for(*self.terms, groups=self.groups)
        for end in ends:
            rows = rows.after_keys(end, order=reverse_ordering(first))
        return self.read(rows.order_by(*self.order)[start : start + size]), not ends

    @property
    def all_rows(self) -> Any:
        return self.rows.search_indexed(*self.terms, groups=self.groups)


def search_listing(
    store: Store | None,
    customers: Any,
    text: str | None,
    order: tuple[str, ...],
    read: Callable[[Any], list[Row]],
) -> Listing:
    """Return the customers of a store (None: of any) that match a text, in this order; all without a text.

    The customer with exactly the searched e-mail comes first.
    """
    if not text or not text.strip():
        return Listing(customers, order, read)
    terms = search_terms(text)
    if not terms:  # the text has no visible characters
        return Listing(customers.none(), order, read)
    if is_email(text):
        return Listing(with_rank(customers.search_indexed(*terms), text), ("rank", *order), read)
    words = search_words(text)
    terms, groups = [term for word in words for term in word], tuple(map(len, words))
    if store is None or order[0].removeprefix("-") not in INDEXED_ORDERS:
        return SearchListing(customers, order, read, terms, groups, scan_depths=())
    return SearchListing(customers, order, read, terms, groups, SCAN_DEPTHS, store.pk)


def search_words(text: str) -> list[list[str]]:
    """Return the words of a text, each as its terms.

    A customer who has the whole text has each of its words, too. So words in any order find more, never less.
    A phone is one word, however it is written. So is a text with a word that is too short for the index.
    """
    words = [search_terms(word) for word in text.split()[:MAX_WORDS]]
    is_one = search_digits(text) or any(len(term) < TRIGRAM for terms in words for term in terms)
    return [search_terms(text)] if is_one else [terms for terms in words if terms]


def is_email(text: str) -> bool:
    try:
        return bool(email_key(text))
    except ValueError:
        return False


def with_rank(customers: CustomerQuerySet | Plan, text: str) -> Any:
    """Annotate `rank`: 0 for the customer with exactly the searched e-mail, 1 for the others."""
    has_email = When(email_key=email_key(text), then=Value(0))
    return customers.annotate(rank=Case(has_email, default=Value(1), output_field=IntegerField()))
