"""Give a house account back what `transfers` moved to another one, and what its orders owe by now."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from customers.models import Charge, LedgerEntry
from customers.models.ledger import TRANSFERS, Account
from customers.money import round_half_up
from customers.services import accounts
from customers.services.editing import Subject
from orders.models import Allocation, Credit
from orders.models.allocation import AllocationKind
from orders.models.order import OrderQuerySet
from orders.services.allocating import ZERO
from orders.services.house_account import HouseAccount
from orders.services.transfers import (
    BATCH_SIZE,
    Transfer,
    charges_named,
    move_charges,
    take_off,
)
from stores.database.batches import in_parts
from stores.database.bulk_updates import update_many

REASON = "unmerge"
AMOUNTS = ("paid_amount", "refunded_amount")


@dataclass(frozen=True)
class PaidAhead:
    """Money that pays no charge yet."""

    amount: Decimal
    paid_on: date


def give_back(
    holder: HouseAccount, transfers: Sequence[Transfer], owner: HouseAccount, orders: OrderQuerySet
) -> tuple[list[Subject], list[PaidAhead]]:
    """Move the charges of these orders, and what was moved without an order, from the holder to the owner.

    Money that the holder paid without naming one of the orders stays with the holder. Return the changes of
    orders, and what the owner gets back of payments ahead. The caller then gives the orders to the owner, and
    calls `settle_owner`.

    Raises Conflict `refunded_already` when moved money paid an order that was refunded since.
    """
    ahead = [moved_ahead(holder, one) for one in transfers if not one.is_charge]
    for transfer in transfers:
        if not transfer.is_charge:
            take_back(holder, transfer.taken)
    plain = [one for one in transfers if one.is_charge and one.order_uid is None]
    uids = list(orders.values_list("uid", flat=True))
    # The holder's own money is not the owner's, whatever it paid here.
    release_from_orders(holder, orders)
    for transfer in plain:
        close_charge(holder, transfer)
        take_back(owner, transfer.given)
    ahead += take_surplus(holder, uids)
    charges = [charge for charge in charges_named(holder, uids) if charge.open_amount]
    move_charges(holder, owner, charges, REASON)
    holder.allocate_oldest_first()
    return holder.save_orders(), ahead


def settle_owner(owner: HouseAccount, payments: Iterable[PaidAhead]) -> list[Subject]:
    """Give the owner its payments ahead back, once it has its orders again. Return the changes of orders."""
    for payment in payments:
        owner.post(-payment.amount, reason=REASON, paid_on=payment.paid_on)
    owner.allocate_oldest_first()
    return owner.save_orders()


def moved_ahead(holder: HouseAccount, transfer: Transfer) -> PaidAhead:
    credit = holder.credits().get(uid=transfer.taken)
    return PaidAhead(-entry_of(holder, credit).amount, credit.paid_on)


def take_surplus(holder: HouseAccount, orders: Sequence[uuid.UUID]) -> Iterator[PaidAhead]:
    """Take off the holder what credits that name these orders have beyond them: they are the owner's.

    Such are what a credit note left on the account, and a till's payment of more than was owed of the order.
    """
    for part in in_parts(orders, BATCH_SIZE):
        for credit in surplus_credits(holder, part):
            holder.save(
                [
                    holder.pair(credit, charge, -amount)
                    for charge, amount in others_paid(holder, credit)
                ]
            )
            if amount := credit.open_amount:
                take_off(holder, credit, REASON)
                yield PaidAhead(amount, credit.paid_on)


def surplus_credits(holder: HouseAccount, orders: Sequence[uuid.UUID]) -> list[Credit]:
    elsewhere = holder.allocations().filter(credit__order_uid__in=orders)
    elsewhere = elsewhere.exclude(charge__uid=F("credit__order_uid"))
    keys = elsewhere.order_by().values("credit")
    credits = holder.credits().filter(order_uid__in=orders)
    return list(credits.filter(Q(open_amount__gt=0) | Q(pk__in=keys)).order_by("id"))


def others_paid(holder: HouseAccount, credit: Credit) -> Iterator[tuple[Charge, Decimal]]:
    """Yield the charges that a credit paid beside its order, but not what went back to another owner before."""
    paid = holder.allocations().filter(credit=credit).exclude(charge__uid=F("credit__order_uid"))
    sums = paid.order_by().values_list("charge").annotate(amount=Sum("amount"))
    amounts = {pk: round_half_up(amount) for pk, amount in sums}
    charges = holder.charges_by_key(pk for pk, amount in amounts.items() if amount)
    entries = LedgerEntry.objects.filter(
        store=credit.store_id, uid__in=[one.uid for one in charges]
    )
    # Only the giving half of a payment ahead is a charge with a day of payment, see `take_off`.
    given = entries.filter(reason__in=TRANSFERS, paid_on__isnull=False)
    gone = set(given.values_list("uid", flat=True))
    for charge in charges:
        if charge.uid not in gone:
            yield charge, amounts[charge.pk]


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
    """Take back from the charges of these orders what credits paid that do not name them, the newest first.

    What was refunded already is not taken back.
    """
    by_uid = {order.uid: order for order in orders.only("store", "uid", *AMOUNTS)}
    for part in in_parts(by_uid, BATCH_SIZE):
        paid = paid_by_others(holder, part)
        credits = holder.credits().in_bulk([pk for sums in paid.values() for pk in sums])
        rows = list[Allocation]()
        for charge in holder.charges_by_key(paid):
            most = by_uid[charge.uid].refundable_amount + holder.paid.get(charge.uid, ZERO)
            for pk in sorted(paid[charge.pk], reverse=True):
                amount = min(paid[charge.pk][pk], most)
                if amount > 0:
                    rows.append(holder.pair(credits[pk], charge, -amount, holder.today))
                    most -= amount
        save_released(holder, rows)


def save_released(holder: HouseAccount, rows: Sequence[Allocation]) -> None:
    """Save what was taken back of many charges, which are open again, with few statements."""
    Allocation.objects.bulk_create(rows)
    update_many([*{row.credit_id: row.credit for row in rows}.values()], ["open_amount"])
    charges = {row.charge_id: row.charge for row in rows}
    for charge in charges.values():
        charge.settled_on = None
    update_many([*charges.values()], ["open_amount", "settled_on"])


def paid_by_others(
    holder: HouseAccount, uids: Iterable[uuid.UUID]
) -> dict[int, dict[int, Decimal]]:
    """Return what credits paid of charges of these orders without naming the order, by charge and credit."""
    allocations = holder.allocations().filter(charge__uid__in=uids, kind=AllocationKind.PAYMENT)
    unnamed = Q(credit__order_uid=None) | ~Q(credit__order_uid=F("charge__uid"))
    sums = allocations.filter(unnamed).order_by().values_list("charge", "credit")
    paid: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for charge, credit, amount in sums.annotate(amount=Sum("amount")):
        paid[charge][credit] = round_half_up(amount)
    return paid
