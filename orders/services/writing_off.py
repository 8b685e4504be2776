"""Write debts off: the store gives up what it does not expect to get any more.

What is written off is not owed any more, and its orders are no longer unpaid. But no money came: payments and
turnover stay as they are, and the credit score counts it like a payment that bounced.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from customers.models import LedgerEntry
from customers.models.customer_queryset import WITH_DELETED, CustomerQuerySet
from customers.models.ledger import WRITE_OFF, Account
from customers.services.editing import editing_survivor
from orders.services.accounts import require_digits_of, save_and_publish
from orders.services.house_account import HouseAccount
from stores.actors import Actor
from stores.errors import Conflict, Invalid


def write_off(
    target: CustomerQuerySet,
    actor: Actor,
    amount: Decimal,
    reason: str,
    spread: Mapping[uuid.UUID, Decimal] = MappingProxyType({}),
) -> LedgerEntry:
    """Write off an amount that the customer that `target` names owes on account. Return its entry.

    It takes the amounts of charges that `spread` chooses, by the uid of their order or entry; then what is due
    first. `void_entry` takes it back: the money came after all.

    Raises NotFound, Invalid `positive`, `digits` and `unknown_id`, and Conflict `over_owed` (with owed and
    requested) or `over_spread`.
    """
    with editing_survivor(target, actor, WITH_DELETED) as edit:
        require_digits_of(Account.HOUSE, edit.customer, amount)
        if amount <= 0:
            raise Invalid("positive", "amount")
        if amount > edit.customer.account_balance:
            owed = max(edit.customer.account_balance, Decimal(0))
            raise Conflict("over_owed", "amount", owed=owed, requested=amount)
        house = HouseAccount(edit)
        entry = house.post(-amount, reason=WRITE_OFF, notes=reason, spread=spread)
        save_and_publish(edit, house)
    return entry
