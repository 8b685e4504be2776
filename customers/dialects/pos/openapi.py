"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from customers.api.openapi.examples import customers, example_of, examples_of
from customers.api.openapi.inference import Named, named
from customers.api.openapi.operations import Operation, choice, filters, integer, text
from customers.api.query import DialectFilterSet
from customers.dialects.pos import representations
from customers.dialects.pos.base import BY_TIME, MAX_PER_PAGE, StoreResourceViewSet
from customers.dialects.pos.filters import CustomerFilters, TransactionFilters
from customers.dialects.pos.resource_views import (
    AddressViewSet,
    DeliveryZoneViewSet,
    HouseAccountViewSet,
    LoyaltyViewSet,
    TagViewSet,
    WhoamiViewSet,
)
from customers.dialects.pos.serializers import CustomerSerializer, TransactionSerializer
from customers.dialects.pos.views import CustomerViewSet
from customers.models import Address, DeliveryZone, LedgerEntry, Tag
from stores.models import ApiKey, Store

Examples = Sequence[dict[str, Any]]

VISIBILITIES = [
    representations.FieldVisibility(
        accounts=has_scopes, loyalty=has_scopes, tags=tags, addresses=addresses, zones=zones
    )
    for has_scopes, tags, addresses, zones in product((True, False), repeat=4)
]
INCLUDE = text("include")


def customer_examples(component: str, *, is_detail: bool) -> Examples:
    """Return examples of a customer. Without `include` its tags and addresses have little more than an id."""
    examples = [
        representations.customer(row, visibility, is_detail=is_detail)
        for row in customers()
        for visibility in VISIBILITIES
    ]
    for example in examples:
        example["addresses"] = list(map(customer_address, example["addresses"]))
    return [named(component, example, tags="CustomerTag") for example in examples]


def customer_address(address: dict[str, Any]) -> Named:
    return named("CustomerAddress", address, customer="Reference", delivery_zone="AddressZone")


def data_examples(component: str, examples: Examples) -> Examples:
    return [Named(component, {"data": example}) for example in examples]


def page_examples(component: str, examples: Examples) -> Examples:
    counts = {"current_page": 1, "last_page": 1, "path": "text", "per_page": 50, "total": 1}
    ends = {"first": "text", "last": "text"}
    links = {**ends, "prev": "text", "next": "text"}
    no_links = {**ends, "prev": None, "next": None}
    pages: Examples = [
        {"data": examples, "links": links, "meta": {**counts, "from": 1, "to": 1}},
        {"data": [], "links": no_links, "meta": {**counts, "from": None, "to": None}},
    ]
    return [named(component, page, links="PageLinks", meta="PageInfo") for page in pages]


def listing(filterset: type[DialectFilterSet], sorts: dict[str, str] = BY_TIME) -> list[Any]:
    return [
        *filters(filterset, "filter[{}]"),
        choice("sort", [*sorts, *(f"-{name}" for name in sorts)], default="created_at"),
        integer("page", low=1, default=1),
        integer("per_page", low=1, default=MAX_PER_PAGE),
    ]


def resource(
    viewset: type[StoreResourceViewSet], component: str, examples: Examples
) -> dict[str, Operation]:
    examples = [
        named(component, example, customer="Reference", delivery_zone="AddressZone")
        for example in examples
    ]
    single = data_examples(f"{component}Answer", examples)
    new = viewset.new_serializer or viewset.serializer
    pages = page_examples(f"{component}Page", examples)
    return {
        "list": Operation(pages, query=listing(viewset.filters)),
        "retrieve": Operation(single),
        "create": Operation(single, body=new, name_customer=viewset is AddressViewSet),
        "update": Operation(single, body=viewset.serializer, partial=True),
        "destroy": Operation(single),
    }


CUSTOMER = data_examples("CustomerAnswer", customer_examples("Customer", is_detail=True))
# differs from the amount, so that the old balance is a fraction, too
BALANCE = Decimal("99.99")
ENTRIES = [
    named(
        "Transaction", representations.transaction(entry), customer="Reference", order="Reference"
    )
    for entry in examples_of(LedgerEntry, balance_after=BALANCE)
]
TRANSACTIONS = {
    "list": Operation(
        page_examples("TransactionPage", ENTRIES),
        query=listing(TransactionFilters, {"created_at": "id"}),
    ),
    "create": Operation(
        data_examples("TransactionAnswer", ENTRIES), body=TransactionSerializer, name_customer=True
    ),
}
IDENTITY = named(
    "Identity",
    representations.identity(example_of(ApiKey, full=True), example_of(Store, full=True)),
    user="NamedReference",
    business="NamedReference",
)

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(
            page_examples("CustomerPage", customer_examples("Customer", is_detail=False)),
            query=[*listing(CustomerFilters), INCLUDE],
        ),
        "retrieve": Operation(CUSTOMER, query=[INCLUDE], versioned=True),
        "create": Operation(CUSTOMER, query=[INCLUDE], body=CustomerSerializer),
        "update": Operation(
            CUSTOMER, query=[INCLUDE], body=CustomerSerializer, partial=True, versioned=True
        ),
        "destroy": Operation(CUSTOMER, versioned=True),
        "restore": Operation(CUSTOMER, versioned=True),
    },
    TagViewSet: resource(TagViewSet, "Tag", [representations.tag(tag) for tag in examples_of(Tag)]),
    DeliveryZoneViewSet: resource(
        DeliveryZoneViewSet,
        "DeliveryZone",
        [representations.delivery_zone(zone) for zone in examples_of(DeliveryZone)],
    ),
    AddressViewSet: resource(
        AddressViewSet,
        "Address",
        [representations.address(address_row) for address_row in examples_of(Address)],
    ),
    HouseAccountViewSet: TRANSACTIONS,
    LoyaltyViewSet: TRANSACTIONS,
    WhoamiViewSet: {"list": Operation(data_examples("IdentityAnswer", [IDENTITY]))},
}
