"""Filters of the customer list whose values people type."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import HttpRequest

from customers.models import Address
from orders.admin.filters import UNPAID
from orders.models import Order
from orders.models.order import NET
from stores.admin.day_fields import day_formats
from stores.admin.lists.form_filters import (
    AmountFilter,
    DayFilter,
    FormFilter,
    Unreadable,
    moments_between,
    read_amount,
)
from stores.admin.tenancy import country_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LEAP_YEAR = 2000
NUMBERS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\.?\Z", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?\Z", re.ASCII | re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})\Z", re.ASCII | re.IGNORECASE)


class CreatedFilter(DayFilter):
    title, column = "created", "created_at"
    inputs = (("created_from", "From", 10), ("created_to", "To", 10))


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
            store=OuterRef("store"),
            customer=OuterRef("pk"),
            **moments_between(request, "placed_at", first, last),
        )
        queryset = queryset.filter(Exists(orders))
        if not least:
            return queryset
        sums = orders.order_by().values("customer").annotate(sum=Sum(NET)).values("sum")
        queryset = queryset.annotate(spent_between=Subquery(sums))
        return queryset.filter(spent_between__gte=read_amount(request, least))


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


def day_of_year(text: str, country: str) -> tuple[int, int]:
    """Return month and day of a text such as `5 Nov`, `Nov 5`, or `5/11` as the country writes it.

    Raises Unreadable, also for two numbers where nobody knows which of them is the month.
    """
    month, day = "0", "0"
    if match := DAY_FIRST.match(text):
        day, month = match[1], month_named(match[2])
    elif match := MONTH_FIRST.match(text):
        month, day = month_named(match[1]), match[2]
    elif (match := NUMBERS.match(text)) and len(formats := day_formats(country)) > 1:
        pair = (match[1], match[2])
        day, month = pair if formats[1].startswith("%d") else pair[::-1]
    try:
        found = date(LEAP_YEAR, int(month), int(day))
    except ValueError:
        raise Unreadable(f"Write birthdays like 5 Nov, not “{text}”.") from None
    return found.month, found.day


def month_named(name: str) -> str:
    """Return the number of a month by its English name or the first letters of it, “0” for none."""
    short = name[:3].lower()
    full = (
        date(LEAP_YEAR, MONTHS.index(short) + 1, 1).strftime("%B").lower()
        if short in MONTHS
        else ""
    )
    return str(MONTHS.index(short) + 1) if full.startswith(name.lower()) else "0"


class PlaceFilter(FormFilter):
    """Filter customers with an address there: the beginning of a town or postcode, a state or country."""

    title = "place"
    inputs = (
        ("town", "Town", 10),
        ("state", "State", 6),
        ("postcode", "Postcode", 6),
        ("country", "Country", 8),
    )

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        town, state, postcode, country = self.values()
        where = Q()
        if town:
            where &= Q(city__istartswith=town)
        if state:
            where &= Q(state__iexact=state) | Q(state_code__iexact=state)
        if postcode:
            where &= Q(postcode__istartswith=postcode)
        if country:
            where &= Q(country__iexact=country) | Q(country_code__iexact=country)
        addresses = Address.objects.filter(where, store=OuterRef("store"), customer=OuterRef("pk"))
        return queryset.filter(Exists(addresses))


def owes_an_order() -> Exists:
    """Return the condition for customers with an order that is not paid in full, on account or not."""
    orders = Order.objects.visible().counting().filter(payment_status__in=UNPAID)
    return Exists(orders.filter(store=OuterRef("store"), customer=OuterRef("pk")))
