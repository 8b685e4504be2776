"""Filters of the customer list by what customers ordered, spent and owe."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest

from orders.admin.filters import UNPAID
from orders.models import Order
from orders.models.order import NET
from stores.admin.lists.form_filters import FormFilter
from stores.admin.lists.range_filters import AmountFilter
from stores.admin.lists.typed_values import moments_between, read_amount
from stores.admin.tenancy import narrowed
from stores.database.compiled import named_store


class SpentFilter(AmountFilter):
    title, column = "spent", "total_spent"
    inputs = (("spent_from", "From", 8), ("spent_to", "To", 8))


class OrderedFilter(FormFilter):
    """Filter customers who ordered between two days, and spent no less than an amount on these orders."""

    title = "ordered between two days"
    inputs = (
        ("ordered_from", "From", 10),
        ("ordered_to", "To", 10),
        ("ordered_least", "For at least", 8),
    )

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last, least = self.values()
        orders = Order.objects.visible().counting()
        orders = orders.filter(
            # a distributed database answers a sum only where the store is named
            store=named_store(queryset.query) or OuterRef("store"),
            customer=OuterRef("pk"),
            **moments_between(request, "placed_at", first, last),
        )
        queryset = queryset.filter(Exists(orders))
        if not least:
            return queryset
        sums = orders.order_by().values("customer").annotate(sum=Sum(NET)).values("sum")
        queryset = queryset.annotate(spent_between=Subquery(sums))
        return queryset.filter(spent_between__gte=read_amount(request, least))


def owes_anything(request: HttpRequest) -> Q:
    """Return the condition for customers who owe on account, or for an order that is not paid in full."""
    # The stores by value: beside another condition, a planner does not carry those of the customers into it.
    orders = narrowed(Order.objects.visible().counting(), request).filter(payment_status__in=UNPAID)
    unpaid = orders.filter(store=OuterRef("store"), customer=OuterRef("pk"))
    return Q(account_balance__gt=0) | Q(Exists(unpaid))
