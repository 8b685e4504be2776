"""House accounts and loyalty points: append-only ledgers. Their balances are columns of the customer."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db.models import Q

from customers.models import Customer, LedgerEntry
from customers.models.customer import CustomerQuerySet
from customers.models.ledger import Account
from customers.money import LIMIT
from customers.services import charges
from customers.services.editing import Edit, editing
from stores.actors import Actor
from stores.errors import Conflict, Invalid

BALANCES = {Account.HOUSE: "account_balance", Account.LOYALTY: "loyalty_balance"}


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
) -> LedgerEntry:
    """Post to an account of the live customer that `target` names.

    A positive amount adds to the debt (or to the points), a negative one settles (or redeems). The debt is due
    on `due_on`, or at once. `order_uid` may name an order of the customer; the order does not change.

    Raises NotFound, Invalid `zero` and `balance_too_large`, and Conflict `account_disabled`, `over_limit` or
    `too_few_points`.
    """
    with editing(target.live(), actor) as edit:
        entry = post(
            edit, account, amount, reason=reason, notes=notes, order_uid=order_uid, due_on=due_on
        )
        edit.save_and_publish()
    return entry


def post(
    edit: Edit,
    account: Account,
    amount: Decimal,
    *,
    reason: str,
    notes: str = "",
    order_uid: uuid.UUID | None = None,
    due_on: date | None = None,
) -> LedgerEntry:
    """Post inside an edit, which the caller saves. Raises as `post_entry` does."""
    if amount == 0:  # a constraint refuses it too, but later
        raise Invalid("zero", "amount")
    balance = apply_to_balance(edit.customer, account, amount)
    entry = LedgerEntry.objects.create(
        store_id=edit.customer.store_id,
        customer=edit.customer,
        account=account,
        amount=amount,
        balance_after=balance,
        reason=reason,
        notes=notes,
        order_uid=order_uid,
        actor_name=edit.actor.name,
    )
    # Points are never due, so only the house account has charges.
    if account == Account.HOUSE:
        charges.record_entry(edit.customer, entry, due_on)
    return entry


def apply_to_balance(customer: Customer, account: Account, amount: Decimal) -> Decimal:
    """Add to the balance in one conditional UPDATE, so that no race breaks a limit. Return the new balance."""
    name = BALANCES[account]
    before: Decimal = getattr(customer, name)
    after = before + amount
    if abs(after) >= LIMIT:
        raise Invalid("balance_too_large", "amount")
    # The new value is computed here, because SQLite would add in binary fractions. It is written only
    # where the old value still stands, so no other posting is lost.
    rows = Customer.objects.filter(store=customer.store_id, pk=customer.pk, **{name: before})
    if not rows.filter(limit_condition(account, amount, after)).update(**{name: after}):
        raise balance_conflict(customer, account, amount)
    setattr(customer, name, after)
    return after


def limit_condition(account: Account, amount: Decimal, after: Decimal) -> Q:
    """Return the condition of the UPDATE.

    Payments are always possible. A charge needs an enabled account and stays within its
    limit. Points never go below zero.
    """
    if account == Account.LOYALTY:
        return Q() if after >= 0 else Q(pk=None)  # the latter matches no row
    # Payments and settlements are always taken, also by a disabled account (contracts, "One book").
    if amount < 0:
        return Q()
    # An enabled account without a limit (NULL) has no limit.
    return Q(is_account_enabled=True) & (Q(credit_limit=None) | Q(credit_limit__gte=after))


def balance_conflict(customer: Customer, account: Account, amount: Decimal) -> Conflict:
    """Return the Conflict that says why `limit_condition` did not hold, with the figures for its text."""
    if account == Account.LOYALTY:
        balance = customer.loyalty_balance
        return Conflict("too_few_points", "amount", balance=balance, requested=-amount)
    if not customer.is_account_enabled:
        return Conflict("account_disabled", "amount")
    return Conflict(
        "over_limit",
        "amount",
        limit=customer.credit_limit,
        balance=customer.account_balance,
        requested=amount,
        available=customer.available_credit,
    )
