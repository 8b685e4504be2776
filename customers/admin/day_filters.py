"""Filters of the customer list by the day of creation or birth."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import HttpRequest

from customers.admin.birthdays import day_of_year
from stores.admin.lists.form_filters import FormFilter
from stores.admin.lists.range_filters import DayFilter
from stores.admin.tenancy import country_of


class CreatedFilter(DayFilter):
    title, column = "created", "created_at"
    inputs = (("created_from", "From", 10), ("created_to", "To", 10))


class BirthdayFilter(FormFilter):
    """Filter by birthday, from one day of the year to another, which may be in the next year."""

    title = "birthday"
    inputs = (("birthday_from", "From", 7), ("birthday_to", "To", 7))

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        country = country_of(request)
        texts = self.values()
        first, last = (
            day_of_year(text, country) if text else default
            for text, default in zip(texts, ((1, 1), (12, 31)), strict=True)
        )
        number = ExtractMonth("birth_date") * 100 + ExtractDay("birth_date")
        queryset = queryset.exclude(birth_date=None).annotate(birthday=number)
        low, high = (month * 100 + day for month, day in (first, last))
        after, before = Q(birthday__gte=low), Q(birthday__lte=high)
        return queryset.filter(after & before if low <= high else after | before)
