"""Customers: list with filters, read, create, update, delete and restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.problems import ApiError
from customers.dialects.pos import representations
from customers.dialects.pos.base import PosViewSet
from customers.dialects.pos.filters import CustomerFilters
from customers.dialects.pos.serializers import CustomerSerializer
from customers.fields import CustomerFields
from customers.models.choices import Source
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import create_customer, restore_customer, update_customer
from orders.services.customers import delete_customer
from stores.models.base import parse_uid

FIELD_SCOPES = {
    "house_account_limit": "customers.accounts.write",
    "is_house_account_enabled": "customers.accounts.write",
    "is_loyalty_enabled": "customers.loyalty.write",
}


class CustomerViewSet(PosViewSet):
    scopes = {
        "list": "customers.list",
        "retrieve": "customers.get",
        "create": "customers.write",
        "update": "customers.write",
        "destroy": "admin.write",
        "restore": "admin.restore",
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read `include` before the action, so that an unusable one is refused before anything changes."""
        super().initial(request, *args, **kwargs)
        includes = {
            name.strip().lower() for name in (self.query.joined("include") or "").split(",")
        }
        self.visibility = representations.FieldVisibility(
            accounts=self.may("customers.accounts.read"),
            loyalty=self.may("customers.loyalty.read"),
            tags="tags" in includes,
            addresses="addresses" in includes,
            zones="addresses.delivery_zone" in includes,
        )

    def list(self, request: Request) -> HttpResponse:
        query = self.query.within("filter")
        # without `is_deleted` the contract lists live customers only
        is_live_list = query.text("is_deleted") is None
        rows = self.live_customers if is_live_list else self.customers.with_deleted()
        customers = CustomerFilters.narrow(query, rows)
        has_places = self.visibility.addresses or self.visibility.zones
        spec = representations.DETAIL_SPEC if has_places else representations.LIST_SPEC
        page, show = self.page(customers, spec.rows), representations.customer
        items = [show(row, self.visibility, is_detail=False) for row in page.rows]
        return self.answer_page(page, items)

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        return self.answer_row(self.row(pk))

    def create(self, request: Request) -> HttpResponse:
        fields: CustomerFields = self.validated_data(CustomerSerializer)
        return self.commit(
            lambda: self.answer_row(
                create_customer(self.store, self.actor, fields, source=Source.POS)
            )
        )

    def update(self, request: Request, pk: str) -> HttpResponse:
        fields: CustomerFields = self.validated_data(
            CustomerSerializer, partial=True, representation=lambda: self.show(self.row(pk))
        )
        return self.run_service(pk, update_customer, fields)

    def destroy(self, request: Request, pk: str) -> HttpResponse:
        return self.run_service(pk, delete_customer)

    @action(detail=True, methods=["put"])
    def restore(self, request: Request, pk: str) -> HttpResponse:
        return self.run_service(pk, restore_customer)

    def run_service(
        self, pk: str, service: Callable[..., Row], *fields: CustomerFields
    ) -> HttpResponse:
        target, versions = self.target(pk), self.versions
        return self.commit(
            lambda: self.answer_row(service(target, self.actor, *fields, versions=versions))
        )

    def target(self, pk: str) -> CustomerQuerySet:
        return self.customers.filter(uid=parse_uid(pk) or NO_UID)

    def body(self, *, optional: bool = False) -> dict[str, Any]:
        """Return the body. Raises ApiError 403 for a field whose scope the key lacks, before validation."""
        body = super().body(optional=optional)
        for name, scope in FIELD_SCOPES.items():
            if name in body and not self.may(scope):
                raise ApiError("forbidden", reason="scope", data={"scope": scope})
        return body

    def row(self, pk: str) -> Row:
        return self.get_row(representations.DETAIL_SPEC, uid=parse_uid(pk))

    def show(self, row: Row) -> representations.Representation:
        return representations.customer(row, self.visibility, is_detail=True)

    def answer_row(self, row: Row) -> HttpResponse:
        return self.answer_customer({"data": self.show(row)}, row["version"])
