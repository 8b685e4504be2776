"""Search as people type: customers by words in any order, and lists of which a store has few rows."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Any, ClassVar, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from customers.canonical import search_digits
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.substring_search import (
    has_external_id,
    search_scan,
    search_terms,
    with_substring,
)

WORD_ENDS = re.compile("[,;]")
INDEXED_LETTERS = 3  # the index has no shorter words


def with_words(customers: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Return the customers with every word of the text, in any order.

    A phone number is one word, however it is written, and so is a text that is somebody's external id.
    """
    rows = cast(CustomerQuerySet, customers)
    words = WORD_ENDS.sub(" ", text).split()
    is_one = len(words) < 2 or search_digits(text) or rows.filter(has_external_id(text)).exists()
    if is_one:
        return rows.search_or_external_id(text)
    indexed = [word for word in words if len(word) >= INDEXED_LETTERS] or words
    for word in indexed:
        rows = rows.matching(word)
    # Short words are looked for in the rows that the others find.
    for word in words:
        if word not in indexed:
            rows = rows.filter(reduce(or_, map(search_scan, search_terms(word)), Q()))
    return rows


class WordSearch:
    """Find a text in `search_fields` in any case and accents, which SQLite's LIKE does for ASCII only."""

    search_fields: ClassVar[list[str]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (with_substring(queryset, text, *self.search_fields) if text else queryset), False
