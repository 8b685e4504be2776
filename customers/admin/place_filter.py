"""Filter customers by where they have an address."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from customers.models import Address
from stores.admin.lists.form_filters import FormFilter


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
