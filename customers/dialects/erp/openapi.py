"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from customers.api.openapi.examples import MOMENT, UID, customers, examples_of, orders
from customers.api.openapi.inference import OneOf
from customers.api.openapi.operations import Operation, choice, filters, integer, search
from customers.api.paging import NumberedPage
from customers.dialects.erp import representations
from customers.dialects.erp.serializers import (
    ContactSerializer,
    CustomerSerializer,
    NewCustomerSerializer,
)
from customers.dialects.erp.views import CustomerFilters, CustomerViewSet, OrderFilters
from orders.models import CreditCheck
from orders.queries import PERIODS

AMOUNT = Decimal("12.34")
FIGURES: dict[str, Any] = {
    "customer": {"uid": UID, "name": "text", "company": "text"},
    "overview": {
        "lifetime_value": AMOUNT,
        "order_count": 7,
        "average_order_value": AMOUNT,
        "last_order_at": MOMENT,
        "customer_since": MOMENT,
        "days_since_last_order": 7,
    },
    "finances": {
        "revenue": AMOUNT,
        "account_balance": AMOUNT,
        "credit_limit": AMOUNT,
        "credit_utilization": AMOUNT,
        "average_payment_days": 7,
    },
    "months": [{"month": "2024-01", "orders": 7, "revenue": AMOUNT, "average_order_value": AMOUNT}],
    "products": [{"product_id": "text", "product_name": "text", "quantity": 7, "revenue": AMOUNT}],
    "segment": "text",
    "risk": OneOf("low", "medium", "high"),
}
WITHOUT_ORDERS: dict[str, Any] = {
    "customer": {"uid": UID, "name": "", "company": ""},
    "overview": FIGURES["overview"] | {"last_order_at": None, "days_since_last_order": None},
    "finances": FIGURES["finances"] | {"credit_limit": None},
}

ONE = [{"data": representations.customer(row)} for row in customers()]
CONTACTS = [
    representations.full_contact(contact, row) for row in customers() for contact in row["contacts"]
]
CONTACT = [{"data": contact} for contact in CONTACTS]
ANALYTICS = [
    {"data": representations.analytics(figures)} for figures in (FIGURES, FIGURES | WITHOUT_ORDERS)
]
CHECKS = [{"data": representations.credit_check(check)} for check in examples_of(CreditCheck)]
PAGING = [integer("page", default=1, low=1), integer("limit", default=20, low=1, high=100)]


def page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return representations.page(NumberedPage([], 0, 1, 20), rows)


OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(
            [page([representations.list_row(row) for row in customers()])],
            query=[search("a name or e-mail"), *filters(CustomerFilters), *PAGING],
        ),
        "retrieve": Operation(ONE, versioned=True),
        "create": Operation(ONE, status=201, body=NewCustomerSerializer),
        "update": Operation(ONE, body=CustomerSerializer, partial=True, versioned=True),
        "contacts": Operation([{"data": CONTACTS}]),
        "add_contact": Operation(CONTACT, status=201, body=ContactSerializer),
        "update_contact": Operation(CONTACT, body=ContactSerializer, partial=True),
        "remove_contact": Operation([{"data": {"message": "text"}}]),
        "orders": Operation(
            [page([representations.order(row) for row in orders()])],
            query=[*filters(OrderFilters), *PAGING],
        ),
        "analytics": Operation(ANALYTICS, query=[choice("period", PERIODS, default="all")]),
        "credit_check": Operation(CHECKS),
    }
}
