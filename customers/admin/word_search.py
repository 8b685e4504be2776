"""Search as people type: customers by words in any order, and lists of which a store has few rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models.substring_search import with_substring
from orders.finding import find_customers
from stores.admin.base import has_timed_out
from stores.admin.tenancy import scope_of

CUSTOMER_SEARCH_HELP = (
    "Parts of names, company, e-mail, phone, address or contacts in any order; an order number or"
    " an id."
)


def with_words(customers: QuerySet[Any], search_term: str, request: HttpRequest) -> QuerySet[Any]:
    """Return the customers that a text finds; all of them when it is blank."""
    if not search_term.strip() or has_timed_out(request):
        return customers
    return find_customers(customers, search_term, scope_of(request).ids)


class WordSearch:
    """Find a text in `search_fields` in any case and accents, which SQLite's LIKE does for ASCII only."""

    search_fields: ClassVar[list[str]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (with_substring(queryset, text, *self.search_fields) if text else queryset), False
