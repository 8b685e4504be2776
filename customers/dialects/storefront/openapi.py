"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from customers.api.filters import TRUE_FALSE
from customers.api.openapi.examples import UID, customers, example_of, examples_of, orders, snapshot
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
from customers.dialects.storefront.webhooks.representations import (
    delivery,
    endpoint,
    feed_item,
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
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint
from stores.models.event import SUBSCRIPTIONS, TYPE_FILTERS
from stores.models.webhook import DeliveryStatus
from stores.webhooks.sending import Outcome

Examples = list[dict[str, Any]]


def item_examples(examples: Examples) -> Examples:
    return [item_envelope(example) for example in examples]


def list_examples(examples: Examples) -> Examples:
    return [OffsetPage(DEFAULT_LIMIT, 0).list_envelope(examples, len(examples))]


CUSTOMERS = [
    customer(row, UID, with_orders=with_orders)
    for row in customers()
    for with_orders in (True, False)
]
ORDERS = [order(row, UID) for row in orders()]
REFUNDS = [refund(row, UID) for row in orders()]
STORES = [store(instance) for instance in examples_of(Store)]
HOOKS = [endpoint(hook) for hook in examples_of(WebhookEndpoint)]
WITH_SECRET = item_examples([hook | {"secret": "text"} for hook in HOOKS])
TESTS = item_examples(
    [
        test_result(Outcome(200, duration_ms=45)),
        test_result(Outcome(error="connection refused", duration_ms=3)),
    ]
)
STORED_EVENTS = [
    example_of(Event, full=True, type=f"{kind}.updated", changed=["name"], snapshot=snapshot(row))
    for kind, rows in (("customer", customers()), ("order", orders()))
    for row in rows
]
EVENTS = [feed_item(event) for event in STORED_EVENTS]
DELIVERIES = [
    delivery(example_of(WebhookDelivery, full=full, event=event))
    for event in STORED_EVENTS
    for full in (True, False)
]

PAGING = [
    integer("limit", default=DEFAULT_LIMIT, low=1, high=MAX_LIMIT),
    integer("offset", default=0, low=0),
    integer("page", default=1, low=1),
]
DIRECTION = choice("sortOrder", DIRECTIONS, default="desc")
INCLUDE = choice("includeOrders", TRUE_FALSE, default="false")
FEED = [
    choice("type", TYPE_FILTERS),
    integer("after", default=0, low=0),
    integer("limit", default=DEFAULT_LIMIT, low=1, high=MAX_LIMIT),
]

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(
            list_examples(CUSTOMERS),
            query=[
                search("a name, e-mail, company or phone"),
                *filters(CustomerFilters),
                choice("sortBy", SORTS, default="createdAt"),
                DIRECTION,
                INCLUDE,
                *PAGING,
            ],
        ),
        "retrieve": Operation(item_examples(CUSTOMERS), query=[INCLUDE], versioned=True),
        "create": Operation(item_examples(CUSTOMERS), status=201, body=CustomerSerializer),
        "update": Operation(
            item_examples(CUSTOMERS), body=CustomerSerializer, partial=True, versioned=True
        ),
        "partial_update": Operation(
            item_examples(CUSTOMERS), body=CustomerSerializer, partial=True, versioned=True
        ),
        "destroy": Operation((), status=204, versioned=True),
    },
    OrderViewSet: {
        "list": Operation(
            list_examples(ORDERS),
            query=[
                *filters(OrderFilters),
                choice("sortBy", ORDER_SORTS, default="placedAt"),
                DIRECTION,
                *PAGING,
            ],
        ),
        "retrieve": Operation(item_examples(ORDERS)),
        "create": Operation(item_examples(ORDERS), status=201, body=OrderSerializer),
        "partial_update": Operation(
            item_examples(ORDERS), body=OrderChangeSerializer, partial=True
        ),
        "payments": Operation(item_examples(ORDERS), status=201, body=PaymentSerializer),
        "refund": Operation(REFUNDS, body=RefundSerializer, body_optional=True),
    },
    WebhookViewSet: {
        "list": Operation(
            list_examples(HOOKS),
            query=[choice("event", SUBSCRIPTIONS), choice("isActive", TRUE_FALSE), *PAGING],
        ),
        "retrieve": Operation(item_examples(HOOKS)),
        "create": Operation(WITH_SECRET, status=201, body=NewEndpointSerializer),
        "partial_update": Operation(item_examples(HOOKS), body=EndpointSerializer, partial=True),
        "destroy": Operation((), status=204),
        "rotate": Operation(WITH_SECRET),
        "redeliver": Operation(
            [item_envelope({"redelivered": 3})],
            status=202,
            body=RangeSerializer,
            body_optional=True,
        ),
        "test": Operation(TESTS),
    },
    DeliveryViewSet: {
        "list": Operation(
            list_examples(DELIVERIES),
            query=[choice("status", DeliveryStatus.values), choice("event", TYPE_FILTERS), *PAGING],
        ),
        "redeliver": Operation(item_examples(DELIVERIES), status=202),
    },
    EventViewSet: {
        "list": Operation([{"items": EVENTS, "next": 7}, {"items": [], "next": 0}], query=FEED)
    },
    StoresViewSet: {"list": Operation(list_examples(STORES), query=PAGING)},
    OneStoreViewSet: {"retrieve": Operation(item_examples(STORES))},
}
