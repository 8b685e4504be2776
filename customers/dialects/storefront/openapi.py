"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from customers.api.filters import TRUE_FALSE
from customers.api.openapi.examples import UID, customers, example_of, examples_of, orders
from customers.api.openapi.inference import Named, named
from customers.api.openapi.operations import Operation, choice, filters, integer, search
from customers.dialects.storefront.customers.representations import customer
from customers.dialects.storefront.customers.serializers import CustomerSerializer
from customers.dialects.storefront.customers.views import (
    DIRECTIONS,
    SORTS,
    CustomerFilters,
    CustomerViewSet,
)
from customers.dialects.storefront.envelopes import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    OffsetPage,
    item_envelope,
)
from customers.dialects.storefront.orders.representations import order, refund
from customers.dialects.storefront.orders.serializers import (
    OrderChangeSerializer,
    OrderSerializer,
    PaymentSerializer,
    RefundSerializer,
)
from customers.dialects.storefront.orders.views import SORTS as ORDER_SORTS
from customers.dialects.storefront.orders.views import OrderFilters, OrderViewSet
from customers.dialects.storefront.stores.representations import store
from customers.dialects.storefront.stores.views import OneStoreViewSet, StoresViewSet
from customers.dialects.storefront.webhooks.openapi import (
    FEED_PAGES,
    STORED_EVENTS,
    WEBHOOK_EXAMPLES,
    WEBHOOKS,
    with_body,
)
from customers.dialects.storefront.webhooks.representations import (
    delivery,
    endpoint,
    test_result,
)
from customers.dialects.storefront.webhooks.serializers import (
    EndpointSerializer,
    NewEndpointSerializer,
    RangeSerializer,
)
from customers.dialects.storefront.webhooks.views import (
    DeliveryViewSet,
    EventViewSet,
    WebhookViewSet,
)
from stores.currencies import USUAL_DIGITS
from stores.models import Store, WebhookDelivery, WebhookEndpoint
from stores.models.event_types import SUBSCRIPTIONS, TYPE_FILTERS
from stores.models.webhook import DeliveryStatus
from stores.webhooks.sending import Outcome

__all__ = ["OPERATIONS", "WEBHOOKS", "WEBHOOK_EXAMPLES"]

Examples = Sequence[dict[str, Any]]


def item_examples(examples: Examples, component: str) -> Examples:
    return [Named(component, item_envelope(example)) for example in examples]


def list_examples(examples: Examples, component: str) -> Examples:
    page = OffsetPage(DEFAULT_LIMIT, 0).list_envelope(list(examples), len(examples))
    return [named(component, page, pagination="Pagination")]


CUSTOMERS = [
    named("Customer", customer(row, UID, digits=digits), addresses="Address")
    for row in customers()
    for digits in (USUAL_DIGITS, None)
]
CUSTOMER = item_examples(CUSTOMERS, "CustomerAnswer")
ORDER_PARTS = {"items": "OrderLine", "shippingAddress": "OrderAddress"}
ORDERS = [named("Order", order(row, UID), **ORDER_PARTS) for row in orders()]
ORDER = item_examples(ORDERS, "OrderAnswer")
REFUNDS = [
    named("RefundAnswer", refund(row, UID) | {"item": example}, order="OrderSummary", **ORDER_PARTS)
    for row, example in zip(orders(), ORDERS, strict=True)
]
STORES = [Named("Store", store(instance)) for instance in examples_of(Store)]
ENDPOINTS = [Named("Endpoint", endpoint(hook)) for hook in examples_of(WebhookEndpoint)]
ENDPOINT = item_examples(ENDPOINTS, "EndpointAnswer")
SECRETS = [Named("EndpointWithSecret", hook | {"secret": "text"}) for hook in ENDPOINTS]
WITH_SECRET = item_examples(SECRETS, "EndpointWithSecretAnswer")
TESTS = item_examples(
    [
        Named("TestResult", test_result(Outcome(200, duration_ms=45))),
        Named("TestResult", test_result(Outcome(error="connection refused", duration_ms=3))),
    ],
    "TestResultAnswer",
)
DELIVERIES = [
    with_body(kind, delivery(example_of(WebhookDelivery, full=full, event=event)))
    for kind, event in STORED_EVENTS
    for full in (True, False)
]
REDELIVERED = item_examples([Named("Redelivered", {"redelivered": 3})], "RedeliveredAnswer")

PAGING = [
    integer("limit", low=1, high=MAX_LIMIT, default=DEFAULT_LIMIT),
    integer("offset", low=0),
    integer("page", low=1, default=1),
]
DIRECTION = choice("sortOrder", DIRECTIONS, default="desc")
INCLUDE = choice("includeOrders", TRUE_FALSE, default="false")
FEED = [
    choice("type", TYPE_FILTERS),
    integer("after", low=0),
    integer("limit", low=1, high=MAX_LIMIT, default=DEFAULT_LIMIT),
]

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(
            list_examples(CUSTOMERS, "CustomerPage"),
            query=[
                search(),
                *filters(CustomerFilters),
                choice("sortBy", SORTS, default="createdAt"),
                DIRECTION,
                INCLUDE,
                *PAGING,
            ],
        ),
        "retrieve": Operation(CUSTOMER, query=[INCLUDE], versioned=True),
        "create": Operation(CUSTOMER, status=201, body=CustomerSerializer),
        "update": Operation(CUSTOMER, body=CustomerSerializer, partial=True, versioned=True),
        "partial_update": Operation(
            CUSTOMER, body=CustomerSerializer, partial=True, versioned=True
        ),
        "destroy": Operation((), status=204, versioned=True),
    },
    OrderViewSet: {
        "list": Operation(
            list_examples(ORDERS, "OrderPage"),
            query=[
                *filters(OrderFilters),
                choice("sortBy", ORDER_SORTS, default="placedAt"),
                DIRECTION,
                *PAGING,
            ],
        ),
        "retrieve": Operation(ORDER),
        "create": Operation(ORDER, status=201, body=OrderSerializer, name_customer=True),
        "partial_update": Operation(ORDER, body=OrderChangeSerializer, partial=True),
        "payments": Operation(ORDER, status=201, body=PaymentSerializer),
        "refund": Operation(REFUNDS, body=RefundSerializer, body_optional=True),
    },
    WebhookViewSet: {
        "list": Operation(
            list_examples(ENDPOINTS, "EndpointPage"),
            query=[choice("event", SUBSCRIPTIONS), choice("isActive", TRUE_FALSE), *PAGING],
        ),
        "retrieve": Operation(ENDPOINT),
        "create": Operation(WITH_SECRET, status=201, body=NewEndpointSerializer),
        "partial_update": Operation(ENDPOINT, body=EndpointSerializer, partial=True),
        "destroy": Operation((), status=204),
        "rotate": Operation(WITH_SECRET),
        "redeliver": Operation(
            REDELIVERED,
            status=202,
            body=RangeSerializer,
            body_optional=True,
        ),
        "test": Operation(TESTS),
    },
    DeliveryViewSet: {
        "list": Operation(
            list_examples(DELIVERIES, "DeliveryPage"),
            query=[choice("status", DeliveryStatus.values), choice("event", TYPE_FILTERS), *PAGING],
        ),
        "redeliver": Operation(item_examples(DELIVERIES, "DeliveryAnswer"), status=202),
    },
    EventViewSet: {"list": Operation(FEED_PAGES, query=FEED)},
    StoresViewSet: {"list": Operation(list_examples(STORES, "StorePage"), query=PAGING)},
    OneStoreViewSet: {"retrieve": Operation(item_examples(STORES, "StoreAnswer"))},
}
