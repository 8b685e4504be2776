"""House accounts and loyalty points: append-only ledgers. Their balances are columns of the customer.

`post` writes entry and balance only. `orders.services.house_account` posts to house accounts, because what is
paid there pays orders.
"""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db.models import Q

from customers.models import Customer, LedgerEntry
from customers.models.ledger import PAY_OUT, TRANSFERS, Account
from customers.money import LIMIT
from customers.services.editing import Edit
from stores.errors import Conflict, Invalid

# Paying a credit out makes no debt.
ALWAYS_POSTED = (PAY_OUT, *TRANSFERS)
BALANCES = {Account.HOUSE: "account_balance", Account.LOYALTY: "loyalty_balance"}


def post(
    edit: Edit,
    account: Account,
    amount: Decimal,
    *,
    reason: str,
    notes: str = "",
    order_uid: uuid.UUID | None = None,
    due_on: date | None = None,
    paid_on: date | None = None,
    method: str = "",
    reverses_uid: uuid.UUID | None = None,
) -> LedgerEntry:
    """Post inside an edit, which the caller saves. Return the entry.

    A positive amount adds to the debt (or to the points), a negative one settles (or redeems).

    Raises Invalid `zero` and `balance_too_large`, and Conflict `account_disabled`, `over_limit` or
    `too_few_points`.
    """
    if amount == 0:  # a constraint refuses it too, but later
        raise Invalid("zero", "amount")
    entry = LedgerEntry(
        store_id=edit.customer.store_id,
        customer=edit.customer,
        account=account,
        amount=amount,
        reason=reason,
        notes=notes,
        order_uid=order_uid,
        due_on=due_on,
        paid_on=paid_on,
        method=method,
        reverses_uid=reverses_uid,
        actor_name=edit.actor.name,
    )
    entry.balance_after = apply_to_balance(edit.customer, entry)
    entry.insert()
    return entry


def apply_to_balance(customer: Customer, entry: LedgerEntry) -> Decimal:
    """Add to the balance in one conditional UPDATE, so that no race breaks a limit. Return the new balance."""
    amount, name = entry.amount, BALANCES[Account(entry.account)]
    before: Decimal = getattr(customer, name)
    after = before + amount
    if abs(after) >= LIMIT:
        raise Invalid("balance_too_large", "amount")
    # The new value is computed here, because SQLite would add in binary fractions. It is written only
    # where the old value still stands, so no other posting is lost.
    rows = Customer.objects.filter(store=customer.store_id, pk=customer.pk, **{name: before})
    if not rows.filter(limit_condition(entry, after)).update(**{name: after}):
        raise balance_conflict(customer, entry)
    setattr(customer, name, after)
    return after


def limit_condition(entry: LedgerEntry, after: Decimal) -> Q:
    """Return the condition of the UPDATE.

    Payments are always possible. A charge needs an enabled account and stays within its
    limit. Points never go below zero.
    """
    if entry.account == Account.LOYALTY:
        return Q() if after >= 0 else Q(pk=None)  # the latter matches no row
    # Payments and settlements are always taken, also by a disabled account (contracts, "One book"). What a
    # payment that is taken back had paid is owed again, whatever the limit. So is what a merge moves.
    if entry.amount < 0 or entry.reverses_uid or entry.reason in ALWAYS_POSTED:
        return Q()
    # An enabled account without a limit (NULL) has no limit.
    return Q(is_account_enabled=True) & (Q(credit_limit=None) | Q(credit_limit__gte=after))


def balance_conflict(customer: Customer, entry: LedgerEntry) -> Conflict:
    """Return the Conflict that says why `limit_condition` did not hold, with the figures for its text."""
    if entry.account == Account.LOYALTY:
        balance = customer.loyalty_balance
        return Conflict("too_few_points", "amount", balance=balance, requested=-entry.amount)
    if not customer.is_account_enabled:
        return Conflict("account_disabled", "amount")
    return Conflict(
        "over_limit",
        "amount",
        limit=customer.credit_limit,
        balance=customer.account_balance,
        requested=entry.amount,
        available=customer.available_credit,
    )
