"""The read model of orders: plain rows, each with its lines and payments, read by one query.

A row has the order's columns under their own names, `customer_uid`, and `shipping_address`. That is None or
an address row like those of `customers.reads`, as it was on the day of the order. Payments are sorted oldest
first.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, Subquery

from customers.models import Customer
from customers.reads import ADDRESSES
from orders.models import Order, OrderLine, Payment
from orders.models.order import Status
from stores.database.json_fields import field_at
from stores.database.read_model import (
    Child,
    ReadModel,
    Row,
    Rows,
    RowSpec,
    StoreExpression,
    columns_of,
)
from stores.errors import NotFound

LINES = Child(
    OrderLine,
    parent="order",
    lookups=columns_of(OrderLine, leave_out=("store_id", "order_id")),
    order=("position", "id"),
)
PAYMENTS = Child(
    Payment, parent="order", lookups=columns_of(Payment, leave_out=("store_id", "order_id"))
)


def due_amount(row: Row) -> Decimal:
    """Return what is still to be paid of an order, as `Order.due_amount` does."""
    if row["status"] == Status.CANCELLED:
        return Decimal(0)
    due: Decimal = row["total"] - row["credited_amount"] - row["paid_amount"]
    return due


def owner_uid(store: StoreExpression) -> Subquery:
    owner = Customer.objects.filter(pk=OuterRef("customer"), store=store)
    return Subquery(owner.values("uid"))


ORDERS = ReadModel(
    Order,
    children={"lines": LINES, "payments": PAYMENTS},
    selected={"customer_uid": (owner_uid, field_at(Customer, "uid"))},
    documents={"shipping_address": ADDRESSES},
)


def get_order_row(orders: Rows, spec: RowSpec = ORDERS.full) -> Row:
    """Return the row of the order that a queryset names. Raises NotFound."""
    rows = spec.rows(orders.order_by()[:1])
    if not rows:
        raise NotFound
    return rows[0]


def full_order_row(store: int, pk: int) -> Row:
    """Return the whole row of an order that the caller has locked, also of a withdrawn one."""
    row = ORDERS.full.find(Order.objects.all, store=store, id=pk)
    assert row is not None, "the caller has it locked"  # noqa: S101
    return row
