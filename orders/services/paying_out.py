"""Pay a customer's credit out: money goes back that no order holds any more."""

from __future__ import annotations

from decimal import Decimal

from customers.models import Customer, LedgerEntry
from customers.models.customer_queryset import WITH_DELETED, CustomerQuerySet
from customers.models.ledger import PAY_OUT, Account
from customers.services.editing import editing_survivor
from orders.services.accounts import require_digits_of, save_and_publish
from orders.services.house_account import HouseAccount
from stores.actors import Actor
from stores.errors import Conflict, Invalid


def pay_out(
    target: CustomerQuerySet, actor: Actor, amount: Decimal, reason: str, method: str = ""
) -> LedgerEntry:
    """Pay an amount of the credit out by `method`, also to a deleted customer. Return its entry.

    Raises NotFound, Invalid `positive` and `digits`, and Conflict `over_credit` (with left and requested).
    """
    with editing_survivor(target, actor, WITH_DELETED) as edit:
        require_digits_of(Account.HOUSE, edit.customer, amount)
        require_credit(edit.customer, amount)
        house = HouseAccount(edit)
        entry = house.post(amount, reason=PAY_OUT, notes=reason, method=method)
        save_and_publish(edit, house)
    return entry


def require_credit(customer: Customer, amount: Decimal) -> None:
    """Raise the error of `pay_out` unless the customer has this much credit."""
    if amount <= 0:
        raise Invalid("positive", "amount")
    credit = max(-customer.account_balance, Decimal(0))
    if amount > credit:
        raise Conflict("over_credit", "amount", left=credit, requested=amount)
