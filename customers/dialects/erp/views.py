"""Customers: list, read, create, update; their contacts, orders, analytics and credit checks."""

from __future__ import annotations

from uuid import UUID

import django_filters
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.filters import FlagFilter, MomentFilter, UntilFilter
from customers.api.paging import Listing, NumberedPage, numbered_page
from customers.api.query import DialectFilterSet
from customers.api.search_listing import search_listing
from customers.api.views import DialectViewSet
from customers.dialects.erp import representations
from customers.dialects.erp.serializers import (
    ContactSerializer,
    CustomerSerializer,
    NewCustomerSerializer,
)
from customers.dialects.erp.wire import dialect
from customers.fields import ContactFields, CustomerFields
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row, RowSpec
from customers.services.contacts import add_contact, remove_contact, update_contact
from customers.services.customers import create_customer, update_customer
from orders.models import Order
from orders.models.order import Status
from orders.queries import PERIODS, analytics
from orders.services.credit_checks import check_credit
from stores.database.plans import Plan
from stores.models.base import parse_uid

NEWEST_FIRST = "-created_at", "-id"


def contact_uid(text: str) -> UUID:
    return parse_uid(text, "cont_") or NO_UID


class CustomerFilters(DialectFilterSet):
    is_active = FlagFilter("is_active")


class OrderFilters(DialectFilterSet):
    """Orders by status and date. Both dates are inclusive, in the store's time zone."""

    status = django_filters.ChoiceFilter("status", choices=Status.choices)
    date_from = MomentFilter("placed_at", lookup_expr="gte")
    date_to = UntilFilter("placed_at", lookup_expr="lt")


class CustomerViewSet(DialectViewSet):
    dialect = dialect
    scopes = {
        "list": "customers:read",
        "retrieve": "customers:read",
        "create": "customers:write",
        "update": "customers:write",
        "contacts": "customers:read",
        "add_contact": "customers:write",
        "update_contact": "customers:write",
        "remove_contact": "customers:write",
        "orders": "orders:read",
        "analytics": "customers:read",
        "credit_check": "credit:write",
    }

    # --- customers

    def list(self, request: Request) -> HttpResponse:
        customers = CustomerFilters.narrow(self.query, self.live_customers)
        text = self.query.text("search")
        page = self.page(
            search_listing(
                self.store, customers, text, NEWEST_FIRST, representations.LIST_SPEC.rows
            )
        )
        return self.answer(
            representations.page(page, [representations.list_row(row) for row in page.rows])
        )

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        return self.answer_one(self.row(pk, representations.DETAIL_SPEC))

    def create(self, request: Request) -> HttpResponse:
        fields: CustomerFields = self.validated_data(NewCustomerSerializer)
        return self.commit(
            lambda: self.answer_one(create_customer(self.store, self.actor, fields), status=201)
        )

    def update(self, request: Request, pk: str) -> HttpResponse:
        fields: CustomerFields = self.validated_data(
            CustomerSerializer,
            partial=True,
            representation=lambda: representations.customer(
                self.row(pk, representations.DETAIL_SPEC)
            ),
        )
        target = self.target(pk)
        return self.commit(
            lambda: self.answer_one(
                update_customer(target, self.actor, fields, versions=self.versions)
            )
        )

    # --- contacts

    @action(detail=True, methods=["get"])
    def contacts(self, request: Request, pk: str) -> HttpResponse:
        row = self.row(pk, representations.CONTACTS_SPEC)
        return self.answer(
            {"data": [representations.full_contact(contact, row) for contact in row["contacts"]]}
        )

    @contacts.mapping.post
    def add_contact(self, request: Request, pk: str) -> HttpResponse:
        fields: ContactFields = self.validated_data(ContactSerializer)
        target = self.target(pk)

        def operation() -> HttpResponse:
            contact, row = add_contact(target, self.actor, fields, versions=self.versions)
            return self.answer_contact(contact.uid, row, status=201)

        return self.commit(operation)

    @action(detail=True, methods=["put"], url_path="contacts/(?P<contact_id>[^/]+)")
    def update_contact(self, request: Request, pk: str, contact_id: str) -> HttpResponse:
        fields: ContactFields = self.validated_data(ContactSerializer, partial=True)
        target, uid = self.target(pk), contact_uid(contact_id)

        def operation() -> HttpResponse:
            contact, row = update_contact(target, self.actor, uid, fields, versions=self.versions)
            return self.answer_contact(contact.uid, row)

        return self.commit(operation)

    @update_contact.mapping.delete
    def remove_contact(self, request: Request, pk: str, contact_id: str) -> HttpResponse:
        target, uid = self.target(pk), contact_uid(contact_id)

        def operation() -> HttpResponse:
            remove_contact(target, self.actor, uid, versions=self.versions)
            return self.answer({"data": {"message": "Contact successfully removed"}})

        return self.commit(operation)

    # --- orders

    @action(detail=True, methods=["get"])
    def orders(self, request: Request, pk: str) -> HttpResponse:
        customer_id = self.row(pk, representations.ID_SPEC)["id"]
        orders = Plan(Order).for_store(self.store.pk).of_customer(customer_id).visible()
        orders = OrderFilters.narrow(self.query, orders, zone=self.store.tzinfo)
        page = self.page(Listing(orders, ("-placed_at", "-id"), representations.ORDER_SPEC.rows))
        return self.answer(
            representations.page(page, [representations.order(row) for row in page.rows])
        )

    # --- figures

    @action(detail=True, methods=["get"])
    def analytics(self, request: Request, pk: str) -> HttpResponse:
        period = self.query.choice("period", {name: name for name in PERIODS}, default="all")
        target = self.live_customers.having_uid(parse_uid(pk, "cust_") or NO_UID)
        return self.answer(
            {"data": representations.analytics(analytics(self.store, target, period))}
        )

    @action(detail=True, methods=["post"], url_path="credit-check")
    def credit_check(self, request: Request, pk: str) -> HttpResponse:
        self.body(optional=True)  # its values are ignored, but broken JSON is refused
        target = self.target(pk)

        def operation() -> HttpResponse:
            check = check_credit(target, self.actor)
            return self.answer({"data": representations.credit_check(check)})

        return self.commit(operation)

    # --- shared

    def target(self, pk: str) -> CustomerQuerySet:
        return self.customers.live().filter(uid=parse_uid(pk, "cust_") or NO_UID)

    def row(self, pk: str, spec: RowSpec) -> Row:
        """Return the row of the customer that a path names. Raises NotFound."""
        return self.get_row(spec, uid=parse_uid(pk, "cust_"))

    def page(self, listing: Listing) -> NumberedPage:
        number = self.query.integer("page", default=1, low=1)
        size = self.query.integer("limit", default=20, low=1, high=100)
        return numbered_page(listing, number, size, self.count)

    def answer_one(self, row: Row, status: int = 200) -> HttpResponse:
        return self.answer_customer({"data": representations.customer(row)}, row["version"], status)

    def answer_contact(self, uid: UUID, row: Row, status: int = 200) -> HttpResponse:
        contact = next(contact for contact in row["contacts"] if contact["uid"] == uid)
        return self.answer({"data": representations.full_contact(contact, row)}, status)
