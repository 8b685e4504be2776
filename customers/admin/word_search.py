"""How the lists of what a store has few of are searched."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models.substring_search import with_substring


class WordSearch:
    """Finds the text in `search_fields`, in any case and accents: SQLite's LIKE knows ASCII letters only."""

    search_fields: ClassVar[list[str]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (with_substring(queryset, text, *self.search_fields) if text else queryset), False
