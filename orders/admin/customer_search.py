"""Search lists of rows that belong to customers, by the customer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models import Customer
from orders.finding import find_customers
from stores.admin.base import has_timed_out
from stores.admin.tenancy import narrowed, scope_of


class CustomerSearch:
    """Find the rows of the customers that a text finds, deleted customers included."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if search_term.strip() and not has_timed_out(request):
            ids = scope_of(request).ids
            customers = find_customers(narrowed(Customer.objects.all(), request), search_term, ids)
            queryset = queryset.filter(customer__in=customers)
        return queryset, False
