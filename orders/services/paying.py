"""Pay and refund orders, and update the customer's account with them.

An order is paid by money, or by the customer's account (method `on_account`), which owes the amount from then
on. Money for an order that was charged to the account settles the charge.

The sum of the ledger entries of an order's own operations is always its `charged_amount` (not paid yet) plus
its `account_paid_amount`; `verify_ledger` checks it. Other entries may name the order but count for the
account alone.
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
    """Pay the order that `target` names, in part or in full. Return the order's row.

    Raises NotFound, Invalid `positive`, and Conflict `order_cancelled`, `over_paid` (with due and
    requested), or for the account's part `account_disabled` or `over_limit`.
    """
    with editing_order(target, actor) as edit:
        require_payable(edit.order, amount)
        if method == ON_ACCOUNT:
            pay_by_account(edit, amount)
        elif edit.order.charged_amount:  # money for an order on account pays that charge
            edit.post(-amount, "payment")
            edit.order.charged_amount -= amount
        edit.record_payment(PaymentKind.PAYMENT, amount, method)
        edit.order.paid_amount += amount
        if not edit.order.due_amount:  # the day of the last payment counts for the credit score
            edit.order.paid_at = timezone.now()
        return edit.save_and_publish()


def require_payable(order: Order, amount: Decimal) -> None:
    """Raise the error of `pay_order` unless this amount can be paid."""
    if amount <= 0:
        raise Invalid("positive", "amount")
    if order.status == Status.CANCELLED:
        raise Conflict("order_cancelled")
    if amount > order.due_amount:
        raise Conflict("over_paid", "amount", due=order.due_amount, requested=amount)


def pay_by_account(edit: OrderEdit, amount: Decimal) -> None:
    """Charge the account. An order that was charged to it already is only marked as paid."""
    if edit.order.charged_amount:
        edit.order.charged_amount -= amount
    else:
        edit.post(amount, "order")
    edit.order.account_paid_amount += amount


def refund_order(
    target: OrderQuerySet, actor: Actor, amount: Decimal | None = None, reason: str = ""
) -> Row:
    """Refund `amount`, or for None all that was paid and not refunded. Refund what the account paid first.

    Cancelled orders can be refunded too. Raises NotFound, Invalid `positive`, and Conflict
    `nothing_to_refund` or `over_refunded` (with left and requested).
    """
    with editing_order(target, actor) as edit:
        order = edit.order
        amount = refundable(order, amount)
        give_back(edit, amount, reason)
        order.refunded_amount += amount
        if order.status != Status.CANCELLED:  # a cancelled order counts in no statistics
            edit.customer.total_spent -= amount
        return edit.save_and_publish()


def refundable(order: Order, amount: Decimal | None) -> Decimal:
    """Return the amount to refund. Raises the errors of `refund_order`."""
    remaining = order.refundable_amount
    if amount is not None and amount <= 0:
        raise Invalid("positive", "amount")
    if not remaining:
        raise Conflict("nothing_to_refund")
    if amount is not None and amount > remaining:
        raise Conflict("over_refunded", "amount", left=remaining, requested=amount)
    return remaining if amount is None else amount


def give_back(edit: OrderEdit, amount: Decimal, reason: str) -> None:
    """Refund to the account what the account paid, and the rest as money."""
    to_account = min(amount, edit.order.account_paid_amount)
    if to_account:
        edit.post(-to_account, "refund")
        edit.order.account_paid_amount -= to_account
        edit.record_payment(PaymentKind.REFUND, to_account, ON_ACCOUNT, reason)
    if amount > to_account:
        edit.record_payment(PaymentKind.REFUND, amount - to_account, reason=reason)
