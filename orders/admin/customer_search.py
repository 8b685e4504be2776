"""How lists of what customers have are searched: by the customers themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models import Customer
from stores.admin.tenancy import narrowed


class CustomerSearch:
    """Finds what belongs to the customers, deleted ones too, that the text finds."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if text:
            customers = narrowed(Customer.objects.all(), request).matching_with_deleted(text)
            queryset = queryset.filter(customer__in=customers)
        return queryset, False
