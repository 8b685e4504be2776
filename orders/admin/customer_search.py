"""Search lists of rows that belong to customers, by the customer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models import Customer
from stores.admin.tenancy import narrowed


class CustomerSearch:
    """Find the rows of the customers that a text finds, deleted customers included."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if text:
            customers = narrowed(Customer.objects.all(), request).matching_with_deleted(text)
            queryset = queryset.filter(customer__in=customers)
        return queryset, False
