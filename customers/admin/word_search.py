"""Search lists of which a store has few rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models.substring_search import with_substring


class WordSearch:
    """Find a text in `search_fields` in any case and accents, which SQLite's LIKE does for ASCII only."""

    search_fields: ClassVar[list[str]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (with_substring(queryset, text, *self.search_fields) if text else queryset), False
