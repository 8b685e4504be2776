from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest

from orders.ageing import AGING_BUCKETS, due_within
from orders.models.order import OrderQuerySet, Status
from stores.admin.lists.range_filters import DayFilter
from stores.admin.tenancy import today

TO_SHIP = (Status.PENDING, Status.CONFIRMED, Status.PROCESSING)
UNPAID = ("pending", "partially_paid")


class StateFilter(SimpleListFilter):
    title, parameter_name = "status", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("counting", "Not cancelled"), ("to-ship", "To ship"), *Status.choices]

    def queryset(self, request: HttpRequest, queryset: OrderQuerySet) -> OrderQuerySet:
        value = self.value()
        if value == "counting":
            return queryset.counting()
        if value == "to-ship":
            return queryset.visible().filter(status__in=TO_SHIP)
        return queryset.filter(status=value) if value else queryset


class PlacedFilter(DayFilter):
    title, column = "placed", "placed_at"
    inputs = (("placed_from", "From", 10), ("placed_to", "To", 10))


class DueFilter(SimpleListFilter):
    """Filter unpaid orders by how long they are due."""

    title, parameter_name = "unpaid", "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("unpaid", "Not paid in full"),
            *((name, AGING_BUCKETS[name][0]) for name in AGING_BUCKETS),
        ]

    def queryset(self, request: HttpRequest, queryset: OrderQuerySet) -> OrderQuerySet:
        value = self.value() or ""
        if value != "unpaid" and value not in AGING_BUCKETS:
            return queryset
        unpaid = queryset.visible().counting().filter(payment_status__in=UNPAID)
        if value == "unpaid":
            return unpaid
        return unpaid.filter(due_within(value, today(request)))
