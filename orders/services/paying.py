"""Pay and refund orders, and update the customer's account with them.

Money first pays what is not on the customer's account, then the order's charge there. The method `on_account`
is no payment: it puts the amount on the account, which owes it from then on.

What is paid of an order is its payments beside the account, and what is allocated to its charge, whichever door
the money came by. `verify_ledger` checks it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from customers.reads import Row
from customers.services.amounts import require_digits
from orders.models import CreditNote, Order
from orders.models.order import ON_ACCOUNT, OrderQuerySet, Status
from orders.models.payment import PaymentKind
from orders.services.credit_notes import issue
from orders.services.editing import OrderEdit, editing_order
from orders.services.losses import require_received
from orders.services.payment_methods import resolve_method
from orders.services.points import take_back_points
from stores.actors import Actor
from stores.errors import Conflict, Invalid


def pay_order(
    target: OrderQuerySet,
    actor: Actor,
    amount: Decimal,
    method: str = "",
    paid_on: date | None = None,
) -> Row:
    """Pay the order that `target` names, in part or in full, on `paid_on` or today. Return the order's row.

    Raises NotFound, Invalid `positive`, `digits` and `future`, and Conflict `order_cancelled`, `over_paid`
    (with due and requested), or for the method `on_account` those of `holds` and `accounts.post`.
    """
    with editing_order(target, actor) as edit:
        require_payable(edit.order, amount)
        method = resolve_method(edit.order.store, method)  # "On account", as typed, is a charge
        day = edit.account.past_day(paid_on)
        if method == ON_ACCOUNT:
            put_on_account(edit, amount)
        else:
            take_payment(edit, amount, method, day)
        return edit.save_and_publish(day)


def require_payable(order: Order, amount: Decimal) -> None:
    """Raise the error of `pay_order` unless this amount can be paid."""
    require_positive(order, amount)
    if order.status == Status.CANCELLED:
        raise Conflict("order_cancelled")
    if amount > order.due_amount:
        raise Conflict("over_paid", "amount", due=order.due_amount, requested=amount)


def require_positive(order: Order, amount: Decimal) -> None:
    """Raise Invalid `positive`, or `digits` for more decimal places than the order's currency has."""
    if amount <= 0:
        raise Invalid("positive", "amount")
    require_digits(order.currency, amount, "amount")


def put_on_account(edit: OrderEdit, amount: Decimal) -> None:
    """Charge the account with what is not on it yet."""
    amount = min(amount, edit.order.due_amount - edit.order.charged_amount)
    if amount:
        entry = edit.post(amount, "order")
        edit.record_payment(PaymentKind.CHARGE, amount, ON_ACCOUNT, entry_uid=entry.uid)


def take_payment(edit: OrderEdit, amount: Decimal, method: str, day: date) -> None:
    """Pay what is not on the account, then the charge there."""
    beside = min(amount, edit.order.due_amount - edit.order.charged_amount)
    edit.order.paid_amount += beside
    on_account = amount - beside
    entry = edit.post(-on_account, "payment", day) if on_account else None
    edit.record_payment(
        PaymentKind.PAYMENT, amount, method, paid_on=day, entry_uid=entry.uid if entry else None
    )


def refund_order(
    target: OrderQuerySet,
    actor: Actor,
    amount: Decimal | None = None,
    reason: str = "",
    method: str = "",
) -> Row:
    """Refund `amount` by `method`, or for None all that was paid and not refunded. What is owed stays owed.

    Cancelled orders can be refunded too. Raises NotFound, Invalid `positive`, and Conflict
    `nothing_to_refund`, `over_refunded` (with left and requested) or `written_off`.
    """
    with editing_order(target, actor) as edit:
        order = edit.order
        amount = refundable(order, amount)
        require_received(order, amount)
        refund_uid = edit.record_payment(PaymentKind.REFUND, amount, method, reason)
        order.refunded_amount += amount
        if order.status != Status.CANCELLED:  # a cancelled order counts in no statistics
            edit.customer.total_spent -= amount
            issue(CreditNote(order=order, refund_uid=refund_uid))
        take_back_points(edit)
        return edit.save_and_publish()


def refundable(order: Order, amount: Decimal | None) -> Decimal:
    """Return the amount to refund. Raises the errors of `refund_order`."""
    remaining = order.refundable_amount
    if amount is not None:
        require_positive(order, amount)
    if not remaining:
        raise Conflict("nothing_to_refund")
    if amount is not None and amount > remaining:
        raise Conflict("over_refunded", "amount", left=remaining, requested=amount)
    return remaining if amount is None else amount
