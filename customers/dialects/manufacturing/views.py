"""Customers: list by criteria, read, create, update, and delete together with their orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from customers.api.paging import Listing, numbered_page
from customers.api.views import DialectViewSet
from customers.dialects.manufacturing import representations
from customers.dialects.manufacturing.addresses import region_of
from customers.dialects.manufacturing.criteria import criteria
from customers.dialects.manufacturing.search_expressions import (
    SEARCH_EXPRESSIONS,
    with_search_expressions,
)
from customers.dialects.manufacturing.searchable import order_by
from customers.dialects.manufacturing.serializers import (
    CustomerSerializer,
    NewCustomerSerializer,
    integer_id,
)
from customers.dialects.manufacturing.wire import dialect
from customers.fields import CustomerFields
from customers.models import Depot
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import create_login_customer, update_login_customer
from orders.services.withdrawing import delete_customer_with_orders
from stores.errors import NotFound
from stores.models import Store

NO_ID = 0  # stands for a malformed id; ids begin at 1


class CustomerViewSet(DialectViewSet):
    dialect = dialect
    scopes = {
        "list": "customers:read",
        "retrieve": "customers:read",
        "create": "customers:write",
        "update": "customers:write",
        "destroy": "customers:write",
    }

    def list(self, request: Request) -> HttpResponse:
        number = self.number(("current_page", "page"), default=1)
        size = self.number(("page_size", "limit"), default=100, high=1000)
        condition = criteria(self.query, self.store)
        order = order_by(self.query.text("sort"))
        customers: Any = self.live_customers
        # `alias` builds a queryset, which is slower than a plan, so only where it is needed
        if condition or order[0].removeprefix("-") in SEARCH_EXPRESSIONS:
            customers = with_search_expressions(customers, self.store).filter(condition)
        page = numbered_page(
            Listing(customers, order, representations.DETAIL_SPEC.rows), number, size, self.count
        )
        return self.answer(representations.page(page))

    def number(self, names: tuple[str, ...], default: int, high: int | None = None) -> int:
        """Return a parameter under the first of its names that was sent. Raises ApiError for any bad one."""
        values = [
            self.query.integer(name, default, low=1, high=high, clamp=True)
            for name in names
            if self.query.text(name) is not None
        ]
        return values[0] if values else default

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        return self.answer_one(self.row(pk))

    def create(self, request: Request) -> HttpResponse:
        store = self.store or self.find_named_store()
        fields: CustomerFields = self.validated_data(
            NewCustomerSerializer, **serializer_context(store)
        )
        assert store is not None, "the serializer refuses an unknown manufacturer"  # noqa: S101
        return self.commit(
            lambda: self.answer_one(create_login_customer(store, self.actor, fields))
        )

    def update(self, request: Request, pk: str) -> HttpResponse:
        target = self.target(pk)
        fields: CustomerFields = self.validated_data(
            CustomerSerializer,
            partial=True,
            representation=lambda: representations.customer(self.row(pk)),
            shown_regions=lambda: regions_of(representations.customer(self.row(pk))),
            **serializer_context(store_of(target)),
        )
        return self.commit(
            lambda: self.answer_one(
                update_login_customer(target, self.actor, fields, versions=self.versions)
            )
        )

    def destroy(self, request: Request, pk: str) -> HttpResponse:
        target = self.target(pk)

        def operation() -> HttpResponse:
            delete_customer_with_orders(target, self.actor, versions=self.versions)
            return self.answer({"success": 1})

        return self.commit(operation)

    def row(self, pk: str) -> Row:
        return self.get_row(representations.DETAIL_SPEC, id=path_id(pk))

    def target(self, pk: str) -> CustomerQuerySet:
        return self.customers.live().filter(pk=path_id(pk) or NO_ID)

    def find_named_store(self) -> Store | None:
        """Return the manufacturer that an administrator's body names, None for an unknown one."""
        store_id = integer_id(self.body().get("manufacturer_id"))
        key: Any = self.request.auth
        return Store.objects.enterable_by(key).filter(pk=store_id or NO_ID).first()

    def answer_one(self, row: Row) -> HttpResponse:
        return self.answer_customer(
            {"success": 1, "customer": representations.customer(row)}, row["version"]
        )


def regions_of(representation: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Return state and country of every address in a representation of a customer."""
    addresses = [representation["contact_address"], *representation["delivery_address"]]
    return {region_of(address) for address in addresses if address}


def path_id(text: str) -> int | None:
    """Return the id in a path, None for a malformed one. Paths allow larger ids than bodies and queries."""
    is_plain = text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= 18
    return int(text) if is_plain else None


def store_of(target: CustomerQuerySet) -> Store:
    """Return the store of the customer that `target` names. Raises NotFound."""
    customer = target.select_related("store").first()
    if customer is None:
        raise NotFound
    return customer.store


def serializer_context(store: Store | None) -> dict[str, Any]:
    """Return the context of a serializer, which must not query: a manufacturer and its depots."""
    depots = Depot.objects.for_store(store).values_list("pk", flat=True) if store else ()
    return {"store": store, "depots": frozenset(depots)}
