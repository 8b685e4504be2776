"""Simulate the further life of an order: deliver and pay it, cancel it, refund it, or leave it under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from factory.random import randgen

from customers.money import round_half_up
from customers.reads import Row
from orders.demo.chance import chance
from orders.demo.shops import Shop
from orders.models import Order, Payment
from orders.models.order import OrderQuerySet, PaymentStatus, Status
from orders.services.lines import Item
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.currencies import digits_of

At = Callable[[datetime, Callable[[], Any]], None]

CANCELLED, REFUNDED = 0.04, 0.02
RECENT = timedelta(days=6)  # longer than all STEPS
STEPS = (
    (Status.CONFIRMED, timedelta(hours=2)),
    (Status.PROCESSING, timedelta(hours=20)),
    (Status.SHIPPED, timedelta(days=2)),
    (Status.DELIVERED, timedelta(days=4)),
)
METHODS = ("card", "card", "card", "bank_transfer", "cash")


def amounts(shop: Shop, items: list[Item], discount_rate: Decimal) -> dict[str, Decimal]:
    """Return discount, tax and shipping of an order."""
    subtotal = sum((item["quantity"] * item["unit_price"] for item in items), Decimal(0))
    digits = digits_of(shop.currency)
    discount = round_half_up(subtotal * discount_rate / 100, digits)
    return {
        "discount_amount": discount,
        "tax_amount": round_half_up((subtotal - discount) * shop.tax_rate, digits),
        "shipping_amount": shop.shipping if chance(0.6) else Decimal(0),
    }


def schedule(
    order: Row, at: At, now: datetime, *, is_firm: bool, stopped_paying: timedelta
) -> None:
    """Schedule the actions of a new order. One on account younger than `stopped_paying` stays unpaid."""
    placed = order["placed_at"]
    is_past = placed < now - RECENT
    paid = placed + (timedelta(days=randgen.randint(5, 28)) if is_firm else timedelta(minutes=20))
    if chance(CANCELLED):
        at(placed + timedelta(hours=1), partial(move_order, target(order), SYSTEM, "cancelled"))
    elif order["is_on_account"]:
        if is_past:
            deliver(order)
        else:
            go_step_by_step(order, at)
        if placed < now - stopped_paying:
            at(paid, partial(pay, order))
    elif is_past and paid < now:
        settle(order, paid)
        if chance(REFUNDED):
            at(max(paid, placed + timedelta(days=8)), partial(refund, order))
    else:
        go_step_by_step(order, at)
        at(paid, partial(pay, order))


def target(order: Row) -> OrderQuerySet:
    return Order.objects.filter(store=order["store_id"], pk=order["id"])


def go_step_by_step(order: Row, at: At) -> None:
    for status, after in STEPS:
        later = after + timedelta(minutes=randgen.randint(0, 50))
        at(order["placed_at"] + later, partial(move_order, target(order), SYSTEM, status))


def pay(order: Row) -> None:
    pay_order(target(order), SYSTEM, order["total"], randgen.choice(METHODS))


def refund(order: Row) -> None:
    half = round_half_up(order["total"] / 2, digits_of(order["currency"]))
    refund_order(target(order), SYSTEM, half if chance(0.5) else None, reason="Damaged on arrival")


def settle(order: Row, paid_at: datetime) -> None:
    """Write a past order's steps and payment directly, without an event and a version for each.

    There would be 15,000 of them, and quickstart would take minutes.
    """
    deliver(
        order,
        payment_status=PaymentStatus.SUCCEEDED,
        paid_amount=order["total"],
        paid_at=paid_at,
    )
    Payment(
        store_id=order["store_id"],
        order_id=order["id"],
        amount=order["total"],
        method=randgen.choice(METHODS),
        actor_name=SYSTEM.name,
        created_at=paid_at,
    ).insert()


def deliver(order: Row, **payment: Any) -> None:
    """Write a past order's steps directly, together with the columns in `payment`."""
    shipped_at, delivered_at = (order["placed_at"] + after for _, after in STEPS[-2:])
    target(order).update(
        status=Status.DELIVERED,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        updated_at=max(delivered_at, payment.get("paid_at", delivered_at)),
        **payment,
    )
