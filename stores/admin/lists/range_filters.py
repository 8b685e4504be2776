"""Filters from one amount or day to another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from stores.admin.lists.form_filters import FormFilter
from stores.admin.lists.typed_values import moments_between, read_amount


class AmountFilter(FormFilter):
    """Filter by an amount, from one to another."""

    column: ClassVar[str]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for text, lookup in zip(self.values(), ("gte", "lte"), strict=True):
            if text:
                queryset = queryset.filter(
                    **{f"{self.column}__{lookup}": read_amount(request, text)}
                )
        return queryset


class DayFilter(FormFilter):
    """Filter by a moment, from one day of the store to another, both included."""

    column: ClassVar[str]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**moments_between(request, self.column, *self.values()))
