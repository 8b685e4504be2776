"""Rows of orders as this wire shows them."""

from __future__ import annotations

import uuid
from typing import Any

from customers.api.times import milliseconds
from customers.dialects.storefront.customers.representations import recipient
from customers.money import money_text
from customers.reads import Row
from orders.reads import LINES, ORDERS

DETAIL_SPEC = ORDERS.spec(ORDERS.columns, lines=LINES.columns)
AMOUNTS = {
    "subtotal": "subtotal",
    "discountAmount": "discount_amount",
    "taxAmount": "tax_amount",
    "shippingAmount": "shipping_amount",
    "total": "total",
    "refundedAmount": "refunded_amount",
}
TIMES = {
    "placedAt": "placed_at",
    "shippedAt": "shipped_at",
    "deliveredAt": "delivered_at",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
}


def order(row: Row, store_uid: uuid.UUID) -> dict[str, Any]:
    return {
        "id": str(row["uid"]),
        "storeId": str(store_uid),
        "orderNumber": row["number"],
        "customerId": str(row["customer_uid"]),
        "status": row["status"],
        "paymentStatus": row["payment_status"],
        **{name: money_text(row[column]) for name, column in AMOUNTS.items()},
        "currency": row["currency"],
        "items": [line(item) for item in row["lines"]],
        "shippingAddress": row["shipping_address"] and recipient(row["shipping_address"]),
        "merchantNote": row["merchant_note"] or None,
        "externalId": row["external_id"] or None,
        **{name: milliseconds(row[column]) for name, column in TIMES.items()},
    }


def line(item: Row) -> dict[str, Any]:
    return {
        "id": str(item["uid"]),
        "productId": item["product_id"],
        "productName": item["product_name"],
        "quantity": item["quantity"],
        "unitPrice": money_text(item["unit_price"]),
        "total": money_text(item["total"]),
    }


def refunded(row: Row, store_uid: uuid.UUID) -> dict[str, Any]:
    """A refund answers the order, and once more the part of it that changed."""
    shown = order(row, store_uid)
    return {
        **shown,
        "item": shown,
        "order": {name: shown[name] for name in ("id", "orderNumber", "paymentStatus")},
    }
