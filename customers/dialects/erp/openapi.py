"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from customers.api.openapi.examples import MOMENT, UID, customers, examples_of, orders
from customers.api.openapi.inference import Named, OneOf, named
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

ADDRESSES = {"billing_address": "Address", "shipping_address": "Address"}
FIGURE_PARTS = {
    "overview": "Overview",
    "financial_summary": "FinancialSummary",
    "order_history": "MonthlySales",
    "top_products": "ProductSales",
}


def data(component: str, example: Any) -> Named:
    return Named(component, {"data": example})


def customer_answer(row: dict[str, Any]) -> Named:
    customer = representations.customer(row)
    return data("CustomerAnswer", named("Customer", customer, contacts="Contact", **ADDRESSES))


def page(component: str, rows: list[Any]) -> Named:
    body = representations.page(NumberedPage([], 0, 1, 20), rows)
    return named(component, body, meta="PageInfo")


ONE = [customer_answer(row) for row in customers()]
ROWS = [named("CustomerRow", representations.list_row(row), **ADDRESSES) for row in customers()]
ORDERS = [
    named("Order", representations.order(row), shipping_address="OrderAddress") for row in orders()
]
CONTACTS = [
    Named("CustomerContact", representations.full_contact(contact, row))
    for row in customers()
    for contact in row["contacts"]
]
CONTACT = [data("ContactAnswer", contact) for contact in CONTACTS]
ANALYTICS = [
    data("AnalyticsAnswer", named("Analytics", representations.analytics(figures), **FIGURE_PARTS))
    for figures in (FIGURES, FIGURES | WITHOUT_ORDERS)
]
CHECKS = [
    data("CreditCheckAnswer", Named("CreditCheck", representations.credit_check(check)))
    for check in examples_of(CreditCheck)
]
PAGING = [
    integer("page", low=1, default=1),
    integer("limit", low=1, high=100, default=20),
]

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(
            [page("CustomerPage", ROWS)],
            query=[search(), *filters(CustomerFilters), *PAGING],
        ),
        "retrieve": Operation(ONE, versioned=True),
        "create": Operation(ONE, status=201, body=NewCustomerSerializer),
        "update": Operation(ONE, body=CustomerSerializer, partial=True, versioned=True),
        "contacts": Operation([data("ContactList", CONTACTS)]),
        "add_contact": Operation(CONTACT, status=201, body=ContactSerializer),
        "update_contact": Operation(CONTACT, body=ContactSerializer, partial=True),
        "remove_contact": Operation([data("MessageAnswer", {"message": "text"})]),
        "orders": Operation(
            [page("OrderPage", ORDERS)],
            query=[*filters(OrderFilters), *PAGING],
        ),
        "analytics": Operation(ANALYTICS, query=[choice("period", PERIODS, default="all")]),
        "credit_check": Operation(CHECKS),
    }
}
