"""Types of the neutral fields that doors hand to the services of orders."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, NotRequired, TypedDict


class OrderFields(TypedDict):
    """Arguments of `place_order`."""

    items: list[dict[str, Any]]
    shipping_address_uid: NotRequired[uuid.UUID | None]
    shipping_amount: NotRequired[Decimal]
    tax_amount: NotRequired[Decimal]
    discount_amount: NotRequired[Decimal]
    on_account: NotRequired[bool]
    external_id: NotRequired[str]


class OrderChanges(TypedDict, total=False):
    """Arguments of `update_order`."""

    status: str
    merchant_note: str


class PaymentFields(TypedDict):
    """Arguments of `pay_order`."""

    amount: Decimal
    method: str
    paid_on: NotRequired[date | None]


class RefundFields(TypedDict, total=False):
    """Arguments of `refund_order`."""

    amount: Decimal | None
    reason: str
