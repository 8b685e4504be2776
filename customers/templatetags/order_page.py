"""What the page of an order shows of customers' modules, which know orders and not the other way round."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from customers.admin import timeline
from orders.admin import amounts
from orders.admin.orders import STATUS_KINDS
from orders.models import Order
from orders.models.order import Status
from stores.admin.display import chip

register = template.Library()


@register.simple_tag
def order_history(order: Order) -> list[timeline.Entry]:
    """Return the order's changes and notes, the newest first."""
    return timeline.of_order(order)


@register.filter
def order_amount(value: Decimal, order: Order) -> str:
    return amounts.order_amount(order, value)


@register.filter
def order_number(value: Decimal, order: Order) -> str:
    return amounts.order_number(order, value)


@register.filter
def quantity(value: Decimal) -> str:
    """Return a quantity without the zeros at its end."""
    return f"{value.normalize():f}"


@register.filter
def order_status(order: Order) -> SafeString:
    return chip(order.get_status_display(), kind=STATUS_KINDS.get(Status(order.status), ""))
