"""Searchable fields of text: names, e-mail addresses, phone numbers and ids of other systems."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q

from customers.canonical import (
    digits_pattern,
    email_key,
    name_sort_key,
    phone_digits,
    search_digits,
)
from customers.dialects.manufacturing.patterns import (
    IN_EMAIL,
    IN_NAME,
    like,
    like_spelling,
)
from customers.models.substring_search import has_external_id, search_indexed

MAX_VALUES = 200
MATCHES_NOTHING = Q(pk__in=[])
LOOKUPS = {"eq": "exact", "gt": "gt", "gteq": "gte", "lt": "lt", "lteq": "lte"}
# runs of letters that folding changes in case only; the index needs three or more
PLAIN_LETTERS = re.compile(r"[A-Za-z0-9]{3,}")


class Searchable:
    """A field to search by a column. `test` makes a condition, or raises ValueError for an unusable value."""

    def __init__(self, column: str) -> None:
        self.column = column

    def test(self, op: str, text: str) -> Q:
        if op == "like":
            return self.like(text)
        if op == "in":
            return self.any_of([self.read(part) for part in split_list(text)])
        return self.compare(LOOKUPS[op], self.read(text))

    def read(self, text: str) -> Any:
        return text

    def compare(self, lookup: str, value: Any) -> Q:
        return Q(**{f"{self.column}__{lookup}": value})

    def any_of(self, values: list[Any]) -> Q:
        return Q(**{f"{self.column}__in": values})

    def like(self, pattern: str) -> Q:
        raise NotImplementedError

    def absent(self) -> Q:
        return MATCHES_NOTHING

    def order(self, *, descending: bool) -> str:
        return f"-{self.column}" if descending else self.column


class SearchableText(Searchable):
    """Text, compared exactly except by `like`. Blank text is shown as null, so it counts as absent."""

    def compare(self, lookup: str, value: str) -> Q:
        return super().compare(lookup, value) & ~self.absent()

    def like(self, pattern: str) -> Q:
        return like(F(self.column), pattern) & ~self.absent()

    def absent(self) -> Q:
        return Q(**{self.column: ""})


class SearchableName(SearchableText):
    """The name as shown: of a firm without a person, its company.

    Ranges follow its sort key. A pattern finds names in any spelling, as searches do; the search index narrows
    it by its plain letters.
    """

    def compare(self, lookup: str, value: str) -> Q:
        if lookup == "exact":
            return self.any_of([value])
        return Q(**{f"name_key__{lookup}": name_sort_key(value)}) & ~self.absent()

    def any_of(self, values: list[str]) -> Q:
        keys = [name_sort_key(value) for value in values]  # these have an index
        return super().any_of(values) & Q(name_key__in=keys) & ~self.absent()

    def order(self, *, descending: bool) -> str:
        return "-name_key" if descending else "name_key"

    def like(self, pattern: str) -> Q:
        condition = (super().like(pattern) | like_spelling(IN_NAME, pattern)) & ~self.absent()
        for letters in PLAIN_LETTERS.findall(pattern):
            condition &= search_indexed(letters.lower())
        return condition


class SearchableReference(SearchableText):
    """The id in another system. Its index narrows a search for exactly one or several of them."""

    def compare(self, lookup: str, value: str) -> Q:
        return has_external_id(value) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        return reduce(or_, map(has_external_id, values))


class SearchableEmail(SearchableText):
    """An e-mail address, compared in canonical form. A value that is no e-mail address finds nothing."""

    def compare(self, lookup: str, value: str) -> Q:
        return self.any_of([value]) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        keys = []
        for value in values:
            with suppress(ValueError):
                keys.append(email_key(value))
        return Q(email_key__in=keys)

    def like(self, pattern: str) -> Q:
        """Compare the address as sent, and an internationalised domain in its other form, too."""
        condition = super().like(pattern)
        if pattern.isascii() and "xn--" not in pattern.lower():
            return condition
        return condition | like_spelling(IN_EMAIL, pattern) & ~self.absent()


class SearchablePhone(SearchableText):
    """A phone number, found by its digits however they are written."""

    def compare(self, lookup: str, value: str) -> Q:
        return self.any_of([value]) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        return reduce(or_, map(self.has_digits, values)) & ~self.absent()

    def has_digits(self, text: str) -> Q:
        digits = search_digits(text)
        if not digits:  # no number that the search index has
            return Q(**{self.column: text})
        pattern = digits_pattern(phone_digits(text))
        return search_indexed(digits) & Q(**{f"{self.column}__iregex": pattern})


def split_list(text: str) -> list[str]:
    """Split values at their commas. Raises ValueError for no value, and for too many."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not 1 <= len(parts) <= MAX_VALUES:
        raise ValueError(f"Must be 1 to {MAX_VALUES} values with commas between them")
    return parts
