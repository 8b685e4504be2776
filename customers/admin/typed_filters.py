"""Filters of the customer list whose values people type."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import HttpRequest

from customers.admin.birthdays import day_of_year
from customers.models import Address
from orders.admin.filters import UNPAID
from orders.models import Order
from orders.models.order import NET
from stores.admin.lists.form_filters import AmountFilter, DayFilter, FormFilter
from stores.admin.lists.typed_values import moments_between, read_amount
from stores.admin.tenancy import country_of, narrowed
from stores.database.compiled import named_store


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


def owes_anything(request: HttpRequest) -> Q:
    """Return the condition for customers who owe on account, or for an order that is not paid in full."""
    # The stores by value: beside another condition, a planner does not carry those of the customers into it.
    orders = narrowed(Order.objects.visible().counting(), request).filter(payment_status__in=UNPAID)
    unpaid = orders.filter(store=OuterRef("store"), customer=OuterRef("pk"))
    return Q(account_balance__gt=0) | Q(Exists(unpaid))
