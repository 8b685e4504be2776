"""Orders of a store: list, read, place, update, pay and refund."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.filters import MomentFilter, UntilFilter
from customers.api.old_ids import note_owner
from customers.api.paging import Listing, slice_and_total
from customers.api.query import DialectFilterSet
from customers.api.totals import total_of
from customers.dialects.storefront.base import StoreViewSet
from customers.dialects.storefront.envelopes import OffsetPage, item_envelope
from customers.dialects.storefront.orders import representations
from customers.dialects.storefront.orders.serializers import (
    OrderBody,
    OrderChangeSerializer,
    OrderSerializer,
    PaymentSerializer,
    RefundSerializer,
)
from customers.models.owners import of_customers
from customers.reads import Row
from orders.fields import OrderChanges, OrderFields, PaymentFields, RefundFields
from orders.models import Order
from orders.models.order import OrderQuerySet, PaymentStatus, Status
from orders.reads import get_order_row
from orders.services.moving import update_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.errors import Conflict, Invalid, NotFound
from stores.models.base import parse_uid, reverse_ordering

SORTS = {
    "placedAt": ["placed_at"],
    "createdAt": ["created_at"],
    "orderNumber": ["year", "sequence"],
    "total": ["total"],
}
# contract: the status filter takes these two words, too
FULFILLED, PAID = "fulfilled", "paid"
STATUSES = {**{status: status for status in Status.values}, FULFILLED: Status.DELIVERED}


class WordFilter(django_filters.ChoiceFilter):  # type: ignore[misc] # django-filter has no type hints
    """Accept these words only, in exactly this case."""

    def __init__(self, words: Iterable[str], **options: Any) -> None:
        super().__init__(choices=[(word, word) for word in words], **options)

    field_class = forms.ChoiceField


class CustomerIdFilter(django_filters.CharFilter):  # type: ignore[misc] # django-filter has no type hints
    """Orders of one customer; a malformed id finds none, an old one finds those of the survivor."""

    def filter(self, queryset: OrderQuerySet, value: str) -> OrderQuerySet:
        return of_customers(queryset, [parse_uid(value) or NO_UID]) if value else queryset


class OrderFilters(DialectFilterSet):
    status = WordFilter([*STATUSES, PAID], method="by_status")
    paymentStatus = WordFilter(PaymentStatus.values, field_name="payment_status")
    customerId = CustomerIdFilter()
    externalId = django_filters.CharFilter(method="by_external_id")
    search = django_filters.CharFilter(method="by_text")
    dateFrom = MomentFilter("placed_at", lookup_expr="gte")
    dateTo = UntilFilter("placed_at", lookup_expr="lt")

    def by_status(self, queryset: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        """Find a status. `paid` is none of the statuses: it means paid in full, nothing refunded."""
        if value == PAID:
            return queryset.filter(payment_status=PaymentStatus.SUCCEEDED)
        return queryset.filter(status=STATUSES[value])

    def by_external_id(self, queryset: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        return queryset.having_external_id(value.strip())

    def by_text(self, queryset: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        return queryset.matching(value) if value.strip() else queryset


class OrderViewSet(StoreViewSet):
    scopes = {
        "list": "orders:read",
        "retrieve": "orders:read",
        "create": "orders:write",
        "partial_update": "orders:write",
        "payments": "orders:write",
        "refund": "orders:write",
    }

    def list(self, request: Request, store_id: str) -> HttpResponse:
        offset_page = OffsetPage.from_query(self.query)
        columns = self.query.choice("sortBy", SORTS, default="placedAt")
        descending = self.query.choice("sortOrder", {"asc": False, "desc": True}, "desc")
        orders = OrderFilters.narrow(self.query, self.orders, zone=self.store.tzinfo)
        keys = (*columns, "id")
        order = reverse_ordering(*keys) if descending else keys
        listing = Listing(orders, order, representations.DETAIL_SPEC.rows)
        count = partial(total_of, self.store)
        rows, total = slice_and_total(listing, offset_page.offset, offset_page.limit, count)
        items = [representations.order(row, self.store.uid) for row in rows]
        return self.answer(offset_page.list_envelope(items, total))

    def retrieve(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        row = get_order_row(self.target(pk), representations.DETAIL_SPEC)
        return self.answer_one(row)

    def create(self, request: Request, store_id: str) -> HttpResponse:
        body: OrderBody = self.validated_data(OrderSerializer)
        customer_uid = body.pop("customer")
        customer = self.customers.filter(uid=customer_uid)
        fields: OrderFields = body

        def operation() -> HttpResponse:
            try:
                row = place_order(customer, self.actor, **fields)
            except Conflict as refusal:
                if refusal.code != "already_placed":
                    raise
                uid = str(refusal.data["uid"])
                row = get_order_row(self.target(uid), representations.DETAIL_SPEC)
                note_owner(self, customer_uid, row["customer_uid"])
                response = self.answer_one(row)
                response["Idempotency-Replayed"] = "true"
                return response
            except NotFound:  # contract: an unknown `customerId` is a bad value, not a 404
                raise Invalid("unknown_id", "customer") from None
            note_owner(self, customer_uid, row["customer_uid"])
            return self.answer_one(row, status=201)

        return self.commit(operation)

    def partial_update(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields: OrderChanges = self.validated_data(OrderChangeSerializer)
        target = self.target(pk)
        return self.commit(lambda: self.answer_one(update_order(target, self.actor, **fields)))

    @action(detail=True, methods=["post"])
    def payments(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields: PaymentFields = self.validated_data(PaymentSerializer)
        target = self.target(pk)
        return self.commit(
            lambda: self.answer_one(pay_order(target, self.actor, **fields), status=201)
        )

    @action(detail=True, methods=["post"])
    def refund(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields: RefundFields = self.validated_data(RefundSerializer, optional_body=True)
        target = self.target(pk)

        def operation() -> HttpResponse:
            row = refund_order(target, self.actor, **fields)
            return self.answer(representations.refund(row, self.store.uid))

        return self.commit(operation)

    @property
    def orders(self) -> OrderQuerySet:
        return Order.objects.for_store(self.store).visible()

    def target(self, pk: str) -> OrderQuerySet:
        return self.orders.filter(uid=parse_uid(pk) or NO_UID)

    def answer_one(self, row: Row, status: int = 200) -> HttpResponse:
        return self.answer(item_envelope(representations.order(row, self.store.uid)), status)
