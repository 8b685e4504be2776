"""Orders of a store: list, read, place, change, pay and refund."""

from __future__ import annotations

from functools import partial

import django_filters
from django import forms
from rest_framework.decorators import action

from customers.api.filters import MomentFilter, UntilFilter
from customers.api.paging import Listing, slice_and_total
from customers.api.query import DialectFilterSet
from customers.api.totals import total_of
from customers.dialects.storefront.base import StoreViewSet
from customers.dialects.storefront.envelopes import OffsetPage, item_envelope
from customers.dialects.storefront.orders import representations
from customers.dialects.storefront.orders.serializers import (
    OrderChangeSerializer,
    OrderSerializer,
    PaymentSerializer,
    RefundSerializer,
)
from orders.models import Order
from orders.models.order import PaymentStatus, Status
from orders.reads import get_order_row
from orders.services.moving import update_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.errors import Invalid, NotFound
from stores.models.base import parse_uid, reverse_ordering

SORTS = {
    "placedAt": ["placed_at"],
    "createdAt": ["created_at"],
    "orderNumber": ["year", "sequence"],
    "total": ["total"],
}
# words of this wire's own beside the statuses
FULFILLED, PAID = "fulfilled", "paid"
STATUSES = {**{status: status for status in Status.values}, FULFILLED: Status.DELIVERED}


class WordFilter(django_filters.ChoiceFilter):
    """One of the words given, case as printed."""

    def __init__(self, words, **options) -> None:
        super().__init__(choices=[(word, word) for word in words], **options)

    field_class = forms.ChoiceField


class CustomerIdFilter(django_filters.CharFilter):
    """Orders of one customer; what is no id is nobody's."""

    def filter(self, queryset, value):
        return queryset.filter(customer__uid=parse_uid(value)) if value else queryset


class OrderFilters(DialectFilterSet):
    status = WordFilter([*STATUSES, PAID], method="by_status")
    paymentStatus = WordFilter(PaymentStatus.values, field_name="payment_status")
    customerId = CustomerIdFilter()
    search = django_filters.CharFilter(method="by_text")
    dateFrom = MomentFilter("placed_at", lookup_expr="gte")
    dateTo = UntilFilter("placed_at", lookup_expr="lt")

    def by_status(self, queryset, name, value):
        """`paid` is not a step of an order: paid in full, and nothing refunded."""
        if value == PAID:
            return queryset.filter(payment_status=PaymentStatus.SUCCEEDED)
        return queryset.filter(status=STATUSES[value])

    def by_text(self, queryset, name, value):
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

    def list(self, request, store_id):
        offset_page = OffsetPage.from_query(self.query)
        columns = self.query.choice("sortBy", SORTS, default="placedAt")
        descending = self.query.choice("sortOrder", {"asc": False, "desc": True}, "desc")
        orders = OrderFilters.narrow(self.query, self.orders)
        keys = (*columns, "id")
        found = Listing(
            orders,
            reverse_ordering(*keys) if descending else keys,
            representations.DETAIL_SPEC.rows,
        )
        count = partial(total_of, self.store)
        rows, total = slice_and_total(found, offset_page.offset, offset_page.limit, count)
        items = [representations.order(row, self.store.uid) for row in rows]
        return self.answer(offset_page.list_envelope(items, total))

    def retrieve(self, request, store_id, pk):
        row = get_order_row(self.target(pk), representations.DETAIL_SPEC)
        return self.answer_one(row)

    def create(self, request, store_id):
        fields = self.validated_data(OrderSerializer)
        customer = self.customers.filter(uid=fields.pop("customer"))

        def operation():
            try:
                row = place_order(customer, self.actor, **fields)
            except NotFound:
                raise Invalid("unknown_id", "customer") from None
            return self.answer_one(row, status=201)

        return self.commit(operation)

    def partial_update(self, request, store_id, pk):
        fields = self.validated_data(OrderChangeSerializer)
        target = self.target(pk)
        return self.commit(lambda: self.answer_one(update_order(target, self.actor, **fields)))

    @action(detail=True, methods=["post"])
    def payments(self, request, store_id, pk):
        fields = self.validated_data(PaymentSerializer)
        target = self.target(pk)
        return self.commit(
            lambda: self.answer_one(pay_order(target, self.actor, **fields), status=201)
        )

    @action(detail=True, methods=["post"])
    def refund(self, request, store_id, pk):
        fields = self.validated_data(RefundSerializer, optional_body=True)
        target = self.target(pk)

        def operation():
            row = refund_order(target, self.actor, **fields)
            return self.answer(representations.refunded(row, self.store.uid))

        return self.commit(operation)

    @property
    def orders(self):
        return Order.objects.for_store(self.store).visible()

    def target(self, pk):
        return self.orders.filter(uid=parse_uid(pk))

    def answer_one(self, row, status: int = 200):
        return self.answer(item_envelope(representations.order(row, self.store.uid)), status)
