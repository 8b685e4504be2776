"""Customers: list with cursors, read, create, update, and geocode the address."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from math import inf

import django_filters
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.filters import MomentFilter
from customers.api.paging import CursorPaginator
from customers.api.query import DialectFilterSet
from customers.api.search_listing import search_listing
from customers.api.views import DialectViewSet
from customers.dialects.bakery import representations
from customers.dialects.bakery.serializers import (
    CustomerBody,
    CustomerSerializer,
    GeocodeSerializer,
    SentAddress,
)
from customers.dialects.bakery.wire import dialect
from customers.fields import CustomerFields
from customers.models import Address
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.substring_search import has_external_id
from customers.reads import Row
from customers.services.addresses import geocoding
from customers.services.addresses.columns import GeocodeResult
from customers.services.customers import create_customer, update_customer
from stores.models.base import parse_uid

SORTS = {
    "createdAt": "created_at",
    "created_at": "created_at",
    "name": "name_key",
    "email": "email_key",
}
SORTS |= {f"-{name}": f"-{column}" for name, column in SORTS.items()}


def next_second(moment: datetime) -> datetime:
    with suppress(OverflowError):  # the calendar ends with the year 9999
        return moment.replace(microsecond=0) + timedelta(seconds=1)
    return moment


class CustomerFilters(DialectFilterSet):
    external_id = django_filters.CharFilter(method="by_external_id")
    created_after = MomentFilter(method="after_second")

    def after_second(
        self, queryset: CustomerQuerySet, name: str, value: datetime
    ) -> CustomerQuerySet:
        """Leave out the whole second: contract, `created_after` is exclusive at whole seconds."""
        return queryset.created_from(next_second(value))

    def by_external_id(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return queryset.filter(has_external_id(value.strip()))


class CustomerViewSet(DialectViewSet):
    dialect = dialect
    scopes = {
        "list": "customers:read",
        "retrieve": "customers:read",
        "create": "customers:write",
        "partial_update": "customers:write",
        "geocode": "customers:write",
    }

    def list(self, request: Request) -> HttpResponse:
        text = self.query.text("search")
        limit = self.query.integer("limit", default=50, low=1, high=100, clamp=True)
        sort = self.query.choice("sort", SORTS, default="-createdAt")
        customers = CustomerFilters.narrow(self.query, self.live_customers)
        order = sort, "-id" if sort.startswith("-") else "id"
        listing = search_listing(self.store, customers, text, order, representations.LIST_SPEC.rows)
        terms = [text, self.query.text("created_after")]
        # Only where it is given: cursors of older releases, which did not know it, stay valid.
        terms += filter(None, [self.query.text("external_id")])
        cursors = CursorPaginator(listing, terms)
        # the paginator checks the length: a cursor that is too long is `invalid_cursor`
        cursor = self.query.text("cursor", longest=inf)
        page = cursors.page(limit, cursor)
        return self.answer(representations.page(page, limit, is_first=cursor is None))

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        return self.answer_one(self.row(pk), {})

    def create(self, request: Request) -> HttpResponse:
        body: CustomerBody = self.validated_data(CustomerSerializer)
        fields, geocoded = self.geocode_body(body, current=None)

        def operation() -> HttpResponse:
            row = create_customer(self.store, self.actor, fields, geocoded=geocoded)
            return self.answer_one(row, fields, status=201)

        return self.commit(operation)

    def partial_update(self, request: Request, pk: str) -> HttpResponse:
        body: CustomerBody = self.validated_data(
            CustomerSerializer,
            partial=True,
            representation=lambda: representations.customer(self.row(pk)),
        )
        target = self.target(pk)
        current = geocoding.default_address_of(target)
        fields, geocoded = self.geocode_body(body, current)

        def operation() -> HttpResponse:
            row = update_customer(
                target, self.actor, fields, versions=self.versions, geocoded=geocoded
            )
            return self.answer_one(row, fields)

        return self.commit(operation)

    @action(detail=True, methods=["post"])
    def geocode(self, request: Request, pk: str) -> HttpResponse:
        body = self.validated_data(GeocodeSerializer, optional_body=True)
        address: SentAddress = body.get("address")
        target, versions = self.target(pk), self.versions
        current = geocoding.default_address_of(target)
        fields, geocoded = geocoding.geocode_current_or_new(self.store, current, address)
        if geocoded.location is None:  # contract: 422, and a new address is not stored
            geocoding.record_failure_and_raise(
                target, self.actor, current, address, geocoded, versions=versions
            )

        def operation() -> HttpResponse:
            row = geocoding.update_default_address(
                target, self.actor, fields, geocoded, versions=versions
            )
            return self.answer(representations.geocode_envelope(row))

        return self.commit(operation)

    def target(self, pk: str) -> CustomerQuerySet:
        return self.customers.filter(uid=parse_uid(pk, "cust_") or NO_UID)

    def row(self, pk: str) -> Row:
        return self.get_row(representations.DETAIL_SPEC, uid=parse_uid(pk, "cust_"))

    def geocode_body(
        self, body: CustomerBody, current: Address | None
    ) -> tuple[CustomerFields, GeocodeResult | None]:
        """Geocode the address of a body. Return the fields to save, and the result if the address moves.

        This happens before the transaction; `current` is the address that will change.
        """
        address: SentAddress = body.pop("address", {})
        fields: CustomerFields = body
        if isinstance(address, str):
            fields["delivery_address"], geocoded = geocoding.geocode_text_update(
                self.store, current, address
            )
            return fields, geocoded
        if address is None or any(address.values()) or current:
            fields["delivery_address"] = address
        if not address:
            return fields, None
        return fields, geocoding.geocode_update(self.store, current, address)

    def answer_one(self, row: Row, fields: CustomerFields, status: int = 200) -> HttpResponse:
        """Answer the customer, with a warning when `fields` hold an address without coordinates."""
        data = representations.customer_envelope(
            row, with_warnings=bool(fields.get("delivery_address"))
        )
        return self.answer_customer(data, row["version"], status)
