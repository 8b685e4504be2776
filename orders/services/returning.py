"""Give a house account back what `transfers` moved to another one, and what its orders owe by now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import F, Q

from customers.models import Charge, LedgerEntry
from customers.models.ledger import Account
from customers.services import accounts
from customers.services.editing import Subject
from orders.models import Credit
from orders.models.allocation import AllocationKind
from orders.models.order import OrderQuerySet
from orders.services.allocating import ZERO
from orders.services.house_account import HouseAccount
from orders.services.transfers import Transfer, charges_named, move_charges, parts

REASON = "unmerge"
AMOUNTS = ("paid_amount", "refunded_amount")


def give_back(
    holder: HouseAccount, transfers: Sequence[Transfer], owner: HouseAccount, orders: OrderQuerySet
) -> list[Subject]:
    """Move the charges of these orders, and what was moved without an order, from the holder to the owner.

    Money that the holder paid without naming one of the orders stays with the holder. Return the changes of
    orders. The caller then gives the orders to the owner, and calls `settle_owner`.

    Raises Conflict `refunded_already` when moved money paid an order that was refunded since.
    """
    for transfer in transfers:
        if not transfer.is_charge:
            take_back(holder, transfer.taken)
    plain = [one for one in transfers if one.is_charge and one.order_uid is None]
    uids = list(orders.values_list("uid", flat=True))
    release_from_orders(holder, orders)
    for transfer in plain:
        close_charge(holder, transfer)
        take_back(owner, transfer.given)
    charges = [charge for charge in charges_named(holder, uids) if charge.open_amount]
    move_charges(holder, owner, charges, REASON)
    holder.allocate_oldest_first()
    return holder.save_orders()


def settle_owner(
    holder: HouseAccount, transfers: Sequence[Transfer], owner: HouseAccount
) -> list[Subject]:
    """Give the owner its payments ahead back, once it has its orders again. Return the changes of orders."""
    for transfer in transfers:
        if not transfer.is_charge:
            credit = holder.credits().get(uid=transfer.taken)
            amount = entry_of(holder, credit).amount
            owner.post(amount, reason=REASON, paid_on=credit.paid_on)
    owner.allocate_oldest_first()
    return owner.save_orders()


def entry_of(account: HouseAccount, credit: Credit) -> LedgerEntry:
    entries = LedgerEntry.objects.filter(store=credit.store_id, customer=account.customer)
    return entries.get(uid=credit.uid)


def take_back(account: HouseAccount, uid: uuid.UUID) -> None:
    """Reverse a settling entry of a merge: what it paid is open again."""
    credit = account.credits().get(uid=uid)
    account.take_back(entry_of(account, credit), REASON, "", account.today)


def close_charge(holder: HouseAccount, transfer: Transfer) -> None:
    """Lower a moved charge to nothing. What paid it stays on the account, and pays other charges."""
    charge = holder.find_charge(transfer.taken)
    if charge is None:
        return
    holder.release(charge, most=charge.amount)
    entry = accounts.post(
        holder.edit, Account.HOUSE, -charge.open_amount, reason=REASON, paid_on=holder.today
    )
    holder.allocate([holder.add_credit(entry, {})], [charge])


def release_from_orders(holder: HouseAccount, orders: OrderQuerySet) -> None:
    """Take back from the charges of these orders what credits paid that do not name them."""
    by_uid = {order.uid: order for order in orders.only("store", "uid", *AMOUNTS)}
    for part in parts([*by_uid]):
        for charge in paid_by_others(holder, part):
            order = by_uid[charge.uid]
            refundable = order.refundable_amount + holder.paid.get(charge.uid, ZERO)
            holder.release(charge, most=refundable)


def paid_by_others(holder: HouseAccount, uids: Iterable[uuid.UUID]) -> list[Charge]:
    """Return the charges of these orders that credits paid which do not name the order."""
    paid = holder.allocations().filter(charge__uid__in=uids, kind=AllocationKind.PAYMENT)
    unnamed = paid.filter(Q(credit__order_uid=None) | ~Q(credit__order_uid=F("charge__uid")))
    return holder.charges_by_key(unnamed.order_by().values_list("charge", flat=True).distinct())
