"""Paying orders and giving money back, with the customer's account kept true.

An order is paid by money, or by the customer's account (method `on_account`), where it is owed from then on.
Money for an order that stands on the account settles it there. What the ledger holds for an order, the sum
of its own operations' entries, is always its `charged_amount` (not paid yet) plus its `account_paid_amount`;
`verify_ledger` proves it. What else is posted may name the order, and counts for the account alone.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from customers.reads import Row
from orders.models import Order
from orders.models.order import ON_ACCOUNT, OrderQuerySet, Status
from orders.models.payment import PaymentKind
from orders.services.editing import OrderEdit, editing_order
from stores.actors import Actor
from stores.errors import Conflict, Invalid


def pay_order(target: OrderQuerySet, actor: Actor, amount: Decimal, method: str = "") -> Row:
    """Pays the order that `target` names, in part or in full.

    Raises NotFound, Invalid `positive`, and Conflict `order_cancelled`, `over_paid` (with due and
    requested), or for the account's part `account_disabled` or `over_limit`.
    """
    with editing_order(target, actor) as edit:
        require_payable(edit.order, amount)
        if method == ON_ACCOUNT:
            pay_by_account(edit, amount)
        elif edit.order.charged_amount:
            edit.post(-amount, "payment")
            edit.order.charged_amount -= amount
        edit.record_payment(PaymentKind.PAYMENT, amount, method)
        edit.order.paid_amount += amount
        if not edit.order.due_amount:
            edit.order.paid_at = timezone.now()
        return edit.save_and_publish()


def require_payable(order: Order, amount: Decimal) -> None:
    if amount <= 0:
        raise Invalid("positive", "amount")
    if order.status == Status.CANCELLED:
        raise Conflict("order_cancelled")
    if amount > order.due_amount:
        raise Conflict("over_paid", "amount", due=order.due_amount, requested=amount)


def pay_by_account(edit: OrderEdit, amount: Decimal) -> None:
    """Charges the account, unless the order stands there already: then it is only counted as paid."""
    if edit.order.charged_amount:
        edit.order.charged_amount -= amount
    else:
        edit.post(amount, "order")
    edit.order.account_paid_amount += amount


def refund_order(
    target: OrderQuerySet, actor: Actor, amount: Decimal | None = None, reason: str = ""
) -> Row:
    """Gives back `amount` of what was paid, or all that is left of it; first what the account paid.

    Cancelled orders are refunded too. Raises NotFound, Invalid `positive`, and Conflict
    `nothing_to_refund` or `over_refunded` (with left and requested).
    """
    with editing_order(target, actor) as edit:
        order = edit.order
        amount = refundable(order, amount)
        give_back(edit, amount, reason)
        order.refunded_amount += amount
        if order.status != Status.CANCELLED:
            edit.customer.total_spent -= amount
        return edit.save_and_publish()


def refundable(order: Order, amount: Decimal | None) -> Decimal:
    left = order.refundable_amount
    if amount is not None and amount <= 0:
        raise Invalid("positive", "amount")
    if not left:
        raise Conflict("nothing_to_refund")
    if amount is not None and amount > left:
        raise Conflict("over_refunded", "amount", left=left, requested=amount)
    return left if amount is None else amount


def give_back(edit: OrderEdit, amount: Decimal, reason: str) -> None:
    """To the account as far as the account paid, the rest as money."""
    to_account = min(amount, edit.order.account_paid_amount)
    if to_account:
        edit.post(-to_account, "refund")
        edit.order.account_paid_amount -= to_account
        edit.record_payment(PaymentKind.REFUND, to_account, ON_ACCOUNT, reason)
    if amount > to_account:
        edit.record_payment(PaymentKind.REFUND, amount - to_account, reason=reason)
