"""The page of an order for reading: lines, sums, payments and what they paid, and where it goes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from orders.admin.amounts import order_number
from orders.credit_notes.numbers import numbers_of_payments
from orders.models import Allocation, Order, OrderLine, Payment
from orders.models.order import Status
from orders.models.payment import PaymentKind
from orders.services.losses import write_offs_among
from orders.tax_rates import tax_label

STEPS = (Status.PENDING, Status.CONFIRMED, Status.PROCESSING, Status.SHIPPED, Status.DELIVERED)
STEP_TITLES = {Status.PENDING: "Placed"}
MINUS = "−"


@dataclass(frozen=True)
class Money:
    """A payment, credit or refund of an order: what it was, a second line, the amount, the credit note."""

    what: str
    second: str
    day: date
    who: str
    amount: str
    credit_note: str = ""


def read(page: Any, request: HttpRequest, order: Order) -> HttpResponseBase:
    """Return the page that shows an order without any form."""
    context = {
        **page.admin_site.each_context(request),
        "title": order.number,
        "opts": page.opts,
        "original": order,
        "order": order,
        "once": uuid.uuid4(),
        "steps": [] if order.status == Status.CANCELLED else steps(order),
        "days_overdue": days_overdue(order),
        "lines": [line_of(order, line) for line in lines_of(order)],
        "sums": sums(order),
        "payments": payments(order),
        "may_edit": page.has_change_permission(request, order),
        **page.buttons(request, order),
    }
    return TemplateResponse(request, "admin/orders/order/read.html", context)


def days_overdue(order: Order) -> int:
    """Return for how many days something of the order has been due, 0 when nothing is."""
    if order.due_on is None or not order.due_amount:
        return 0
    return max((timezone.localdate(timezone=order.store.tzinfo) - order.due_on).days, 0)


def overdue_text(order: Order) -> str:
    days = days_overdue(order)
    return f"{days} day{'' if days == 1 else 's'} overdue" if days else ""


def steps(order: Order) -> list[dict[str, Any]]:
    """Return the statuses that an order goes through, and at the end that it is paid."""
    at = STEPS.index(Status(order.status))
    moments: dict[str, datetime | None] = {
        Status.PENDING: order.placed_at,
        Status.SHIPPED: order.shipped_at,
        Status.DELIVERED: order.delivered_at,
    }
    moved = [
        {
            "title": STEP_TITLES.get(status, status.label),
            "at": moments.get(status),
            "is_done": number < at,
            "is_current": number == at,
        }
        for number, status in enumerate(STEPS)
    ]
    paid = {"title": "Paid in full", "at": order.paid_at, "is_done": not order.due_amount}
    return [*moved, paid]


def lines_of(order: Order) -> list[OrderLine]:
    rows = OrderLine.objects.filter(store=order.store_id, order=order)
    return list(rows.order_by("position", "id"))


def line_of(order: Order, line: OrderLine) -> dict[str, str]:
    notes = [line.product_id if line.product_id != line.product_name else ""]
    if line.discount_amount:
        notes.append(f"{order_number(order, line.discount_amount)} off")
    if line.credited_quantity:
        notes.append(f"{line.credited_quantity.normalize():f} credited")
    return {
        "name": line.product_name,
        "second": ", ".join(note for note in notes if note),
        "quantity": f"{line.quantity.normalize():f}",
        "price": order_number(order, line.unit_price),
        "total": order_number(order, line.total),
    }


def sums(order: Order) -> list[tuple[str, str, str]]:
    """Return label, amount and style of each line of the sum. Lines of nothing are left out."""

    def less(amount: Decimal) -> str:
        return f"{MINUS}{order_number(order, amount)}"

    parts = [
        ("Goods", order.subtotal, order_number(order, order.subtotal), ""),
        ("Discount", order.discount_amount, less(order.discount_amount), ""),
        (tax_label(order), order.tax_amount, order_number(order, order.tax_amount), ""),
        ("Shipping", order.shipping_amount, order_number(order, order.shipping_amount), ""),
        ("Total", True, order_number(order, order.total), "rule"),
        ("Credited", order.credited_amount, less(order.credited_amount), ""),
        ("Paid", order.paid_amount, less(order.paid_amount), ""),
        ("Still to be paid", True, order_number(order, order.due_amount), "to-pay rule"),
        (
            "On the house account",
            order.charged_amount,
            order_number(order, order.charged_amount),
            "",
        ),
        ("Given back", order.refunded_amount, order_number(order, order.refunded_amount), ""),
    ]
    return [(label, text, style) for label, amount, text, style in parts if amount]


def payments(order: Order) -> list[Money]:
    """Return the order's own payments and corrections, then what came from payments to the account."""
    own = Payment.objects.filter(store=order.store_id, order=order).order_by("id")
    notes = numbers_of_payments(order)
    rows = [of_payment(order, payment, notes.get(payment.uid, "")) for payment in own]
    entries = {payment.entry_uid for payment in own}
    from_account = Allocation.objects.filter(
        store=order.store_id, customer=order.customer_id, charge__uid=order.uid
    ).select_related("credit")
    others = [one for one in from_account.order_by("id") if one.credit.uid not in entries]
    written_off = write_offs_among(order.store_id, [one.credit.uid for one in others])
    rows += [of_allocation(order, one, is_loss=one.credit.uid in written_off) for one in others]
    return rows


def of_payment(order: Order, payment: Payment, credit_note: str) -> Money:
    method = payment.method.replace("_", " ")
    is_payment = payment.kind == PaymentKind.PAYMENT
    what = f"Payment, {method}" if is_payment and method else payment.get_kind_display()
    amount = order_number(order, payment.amount)
    day = payment.paid_on or timezone.localdate(payment.created_at, order.store.tzinfo)
    takes_away = payment.kind in (PaymentKind.VOID, PaymentKind.REFUND)
    second = payment.reason or ("all of it to this order" if is_payment else "")
    return Money(
        capfirst(what),
        second,
        day,
        payment.actor_name,
        f"{MINUS}{amount}" if takes_away else amount,
        credit_note,
    )


def of_allocation(order: Order, allocation: Allocation, *, is_loss: bool) -> Money:
    amount = order_number(order, abs(allocation.amount))
    taken_back = allocation.amount < 0
    whole = order_number(order, allocation.credit.amount)
    origin = f"of {whole} written off" if is_loss else f"of {whole} paid or credited there"
    return Money(
        "Written off" if is_loss else "From the house account",
        "taken back" if taken_back else origin,
        allocation.effective_on,
        allocation.actor_name,
        f"{MINUS}{amount}" if taken_back else amount,
    )
