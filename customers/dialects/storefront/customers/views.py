"""Customers of a store: list, read, create, update and delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import django_filters
from django.http import HttpResponse
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.filters import (
    TRUE_FALSE,
    FlagFilter,
    by_email,
    by_presence_of_orders,
)
from customers.api.paging import slice_and_total
from customers.api.query import DialectFilterSet
from customers.api.search_listing import search_listing
from customers.api.views import MAX_TRIES
from customers.dialects.storefront.base import StoreViewSet
from customers.dialects.storefront.customers import representations
from customers.dialects.storefront.customers.etags import accepted_versions, tag_of
from customers.dialects.storefront.customers.serializers import CustomerSerializer
from customers.dialects.storefront.envelopes import OffsetPage, item_envelope
from customers.fields import CustomerFields
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import create_customer, update_customer
from customers.services.editing import Versions
from orders.services.customers import delete_unused_customer
from stores.currencies import digits_of
from stores.errors import Stale
from stores.models.base import parse_uid

SORTS = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "name": "name_key",
    "email": "email_key",
}
DIRECTIONS = {"asc": "", "desc": "-"}


class CustomerFilters(DialectFilterSet):
    email = django_filters.CharFilter(method=by_email)
    marketingOptIn = FlagFilter("marketing_opt_in", literals=TRUE_FALSE)
    hasOrders = FlagFilter(method=by_presence_of_orders, literals=TRUE_FALSE)


class CustomerViewSet(StoreViewSet):
    scopes = {
        "list": "customers:read",
        "retrieve": "customers:read",
        "create": "customers:write",
        "update": "customers:write",
        "partial_update": "customers:write",
        "destroy": "customers:delete",
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.with_orders = self.query.choice("includeOrders", TRUE_FALSE, default="false")

    def list(self, request: Request, store_id: str) -> HttpResponse:
        offset_page = OffsetPage.from_query(self.query)
        sort = self.query.choice("sortBy", SORTS, default="createdAt")
        direction = self.query.choice("sortOrder", DIRECTIONS, default="desc")
        customers = CustomerFilters.narrow(self.query, self.live_customers)
        order = f"{direction}{sort}", f"{direction}id"
        text, rows_of = self.query.text("search"), representations.DETAIL_SPEC.rows
        listing = search_listing(self.store, customers, text, order, rows_of)
        rows, total = slice_and_total(listing, offset_page.offset, offset_page.limit, self.count)
        return self.answer(offset_page.list_envelope([self.show(row) for row in rows], total))

    def retrieve(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        return self.answer_one(self.row(pk))

    def create(self, request: Request, store_id: str) -> HttpResponse:
        fields: CustomerFields = self.validated_data(CustomerSerializer)
        return self.commit(
            lambda: self.answer_one(create_customer(self.store, self.actor, fields), status=201)
        )

    def update(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields: CustomerFields = self.validated_data(
            CustomerSerializer, partial=True, representation=lambda: self.show(self.row(pk))
        )
        target = self.target(pk)
        return self.commit_if_match(
            pk,
            lambda versions: self.answer_one(
                update_customer(target, self.actor, fields, versions=versions)
            ),
        )

    partial_update = update

    def destroy(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        def operation(versions: Versions) -> HttpResponse:
            delete_unused_customer(self.target(pk), self.actor, versions=versions)
            return self.answer_nothing()

        return self.commit_if_match(pk, operation)

    def commit_if_match(
        self, pk: str, operation: Callable[[Versions], HttpResponse]
    ) -> HttpResponse:
        """Run a service with the versions that `If-Match` allows.

        It runs again when the version changed in between, but not what this dialect shows.
        """
        for _ in range(MAX_TRIES - 1):
            versions = self.versions_of(pk)
            try:
                return self.commit(partial(operation, versions))
            except Stale:
                if not versions:
                    raise
        return self.commit(partial(operation, self.versions_of(pk)))

    def versions_of(self, pk: str) -> Versions:
        """Return the versions of a customer that `If-Match` allows to change; None for any."""
        header = self.request.headers.get("If-Match")
        if header is None:
            return None
        row = self.row(pk)
        shown = (
            representations.customer(row, self.store.uid, digits=digits)
            for digits in (None, digits_of(self.store.currency))
        )
        return accepted_versions(header, row, shown)

    def target(self, pk: str) -> CustomerQuerySet:
        return self.customers.filter(uid=parse_uid(pk) or NO_UID)

    def row(self, pk: str) -> Row:
        return self.get_row(representations.DETAIL_SPEC, uid=parse_uid(pk))

    def show(self, row: Row) -> dict[str, Any]:
        digits = digits_of(self.store.currency) if self.with_orders else None
        return representations.customer(row, self.store.uid, digits=digits)

    def answer_one(self, row: Row, status: int = 200) -> HttpResponse:
        item = self.show(row)
        return self.answer_customer(item_envelope(item), tag_of(item), status)
