"""Post to house accounts and points of customers by hand: at a till, in the back office, from an import."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from customers.models import Customer, LedgerEntry
from customers.models.customer_queryset import WITH_DELETED, CustomerQuerySet
from customers.models.ledger import Account
from customers.money import POINTS_DIGITS
from customers.services import accounts
from customers.services.amounts import require_places
from customers.services.editing import Edit, editing_survivor
from orders.services.house_account import HouseAccount
from stores.actors import Actor
from stores.currencies import digits_of
from stores.errors import Conflict, NotFound


def post_entry(
    target: CustomerQuerySet,
    actor: Actor,
    account: Account,
    amount: Decimal,
    *,
    reason: str = "adjustment",
    notes: str = "",
    order_uid: uuid.UUID | None = None,
    due_on: date | None = None,
    paid_on: date | None = None,
    method: str = "",
    spread: Mapping[uuid.UUID, Decimal] = MappingProxyType({}),
) -> LedgerEntry:
    """Post to an account of the customer that `target` names, or into which it was merged.

    A positive amount adds to the debt (or to the points), a negative one settles (or redeems). The debt is due
    on `due_on`, or at once. What settles was paid on `paid_on`, or today, by `method`. It pays the amounts of
    charges that `spread` chooses, by the uid of their order or entry; then the order that `order_uid` names;
    then what is due first.

    Raises NotFound, Invalid `zero`, `digits`, `future`, `unknown_id` and `balance_too_large`, and Conflict
    `account_disabled`, `over_limit`, `over_spread`, `loyalty_disabled` or `too_few_points`.
    """
    with editing_survivor(target, actor, WITH_DELETED) as edit:
        require_live(edit.customer, account, amount)
        require_digits_of(account, edit.customer, amount)
        said: dict[str, Any] = {"reason": reason, "notes": notes, "order_uid": order_uid}
        if account == Account.LOYALTY:
            require_loyalty(edit.customer, amount)
            entry = accounts.post(edit, account, amount, **said)
            edit.save_and_publish()
        else:
            house = HouseAccount(edit)
            entry = house.post(
                amount, **said, due_on=due_on, paid_on=paid_on, method=method, spread=spread
            )
            save_and_publish(edit, house)
    return entry


def require_live(customer: Customer, account: Account, amount: Decimal) -> None:
    """Refuse postings of a deleted customer, except those that settle the account. Raises NotFound."""
    is_settlement = amount < 0 or amount <= -customer.account_balance
    if customer.deleted_at and not (account == Account.HOUSE and is_settlement):
        raise NotFound


def require_loyalty(customer: Customer, amount: Decimal) -> None:
    """Refuse to give points to a customer who collects none. Raises Conflict `loyalty_disabled`.

    Points from before can still be redeemed.
    """
    if amount > 0 and not customer.is_loyalty_enabled:
        raise Conflict("loyalty_disabled", "amount")


def require_digits_of(account: Account, customer: Customer, amount: Decimal) -> None:
    """Refuse more decimal places than the account has. Raises Invalid `digits`.

    Only what somebody enters is checked. Cancelling an order, or taking a payment back, posts the amounts of
    former releases as they are: these had two places in every currency.
    """
    is_money = account == Account.HOUSE
    digits = digits_of(customer.store.currency) if is_money else POINTS_DIGITS
    require_places(digits, amount, "amount")


def save_and_publish(edit: Edit, house: HouseAccount) -> None:
    """Save the customer and the orders that are paid now, and publish their events."""
    orders = house.save_orders()
    # For a deleted customer no event: clients of the feed would take it for a live one. The posting has
    # written the balance already.
    if not edit.customer.deleted_at:
        edit.save_and_publish()
    house.publish_orders(orders)
