"""External ids of orders: the same order that is sent again is placed once."""

from __future__ import annotations

import uuid
from typing import Any

from orders.models import Order, OrderLine
from stores.errors import Conflict

AMOUNTS = ("discount_amount", "tax_amount", "shipping_amount", "total")
LINE_COLUMNS = ("product_id", "product_name", "quantity", "unit_price", "discount_amount")


def refuse_repeated(
    order: Order,
    lines: list[OrderLine],
    shipping_address_uid: uuid.UUID | None,
    *,
    on_account: bool,
) -> None:
    """Raise Conflict: `already_placed` with the uid of the same order, `order_id_taken` for another one.

    Orders from before external ids were unique may share one: then the first of them counts.
    """
    if not order.external_id:
        return
    orders = Order.objects.for_store(order.store).visible().having_external_id(order.external_id)
    first = orders.filter(has_repeated_external_id=False).first()
    if first is None:
        return
    is_same = (
        first.customer_id == order.customer_id
        and first.is_on_account == on_account
        and all(getattr(first, name) == getattr(order, name) for name in AMOUNTS)
        and contents(first.lines.filter(store=order.store).order_by("position")) == contents(lines)
        # Without one, the default address was meant: another one may be the default by now.
        and (shipping_address_uid is None or str(shipping_address_uid) == address_of(first))
    )
    if is_same:
        raise Conflict("already_placed", "external_id", number=first.number, uid=first.uid)
    raise Conflict("order_id_taken", "external_id")


def contents(lines: Any) -> list[tuple[Any, ...]]:
    return [tuple(getattr(line, name) for name in LINE_COLUMNS) for line in lines]


def address_of(order: Order) -> str:
    """Return the uid of the address that the order was placed with."""
    return str((order.shipping_address or {}).get("uid", ""))
