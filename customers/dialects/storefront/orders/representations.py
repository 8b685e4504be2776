"""Turn rows of orders into the objects that this dialect answers."""

from __future__ import annotations

import uuid
from typing import Any

from customers.api.times import milliseconds
from customers.dialects.storefront.customers.representations import recipient
from customers.dialects.storefront.envelopes import item_envelope
from customers.money import money_number, money_text
from customers.reads import Row
from orders.reads import LINES, ORDERS, due_amount
from stores.currencies import digits_of

DETAIL_SPEC = ORDERS.spec(ORDERS.columns, lines=LINES.columns)
AMOUNTS = {
    "subtotal": "subtotal",
    "discountAmount": "discount_amount",
    "taxAmount": "tax_amount",
    "shippingAmount": "shipping_amount",
    "total": "total",
    "amountPaid": "paid_amount",
}
TIMES = {
    "placedAt": "placed_at",
    "shippedAt": "shipped_at",
    "deliveredAt": "delivered_at",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
}


def order(row: Row, store_uid: uuid.UUID) -> dict[str, Any]:
    digits = digits_of(row["currency"])
    return {
        "id": str(row["uid"]),
        "storeId": str(store_uid),
        "orderNumber": row["number"],
        "customerId": str(row["customer_uid"]),
        "status": row["status"],
        "paymentStatus": row["payment_status"],
        **{name: money_text(row[column], digits) for name, column in AMOUNTS.items()},
        "amountDue": money_text(due_amount(row), digits),
        "refundedAmount": money_text(row["refunded_amount"] + row["credited_amount"], digits),
        "dueDate": row["due_on"] and row["due_on"].isoformat(),
        "currency": row["currency"],
        "items": [line(line_row, digits) for line_row in row["lines"]],
        "shippingAddress": row["shipping_address"] and recipient(row["shipping_address"]),
        "merchantNote": row["merchant_note"] or None,
        "externalId": row["external_id"] or None,
        **{name: milliseconds(row[column]) for name, column in TIMES.items()},
    }


def line(line_row: Row, digits: int) -> dict[str, Any]:
    """Return a line. Only a line with a discount shows one, so that others keep the contract's keys."""
    discount = line_row["discount_amount"]
    return {
        "id": str(line_row["uid"]),
        "productId": line_row["product_id"],
        "productName": line_row["product_name"],
        "quantity": money_number(line_row["quantity"]),
        "unitPrice": money_text(line_row["unit_price"], digits),
        **({"discountAmount": money_text(discount, digits)} if discount else {}),
        "total": money_text(line_row["total"], digits),
    }


def refund(row: Row, store_uid: uuid.UUID) -> dict[str, Any]:
    """Return the order in its envelope, with a short form of it under `order`."""
    item = order(row, store_uid)
    short = {name: item[name] for name in ("id", "orderNumber", "paymentStatus")}
    return {**item_envelope(item), "order": short}
