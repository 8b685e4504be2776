"""Move what is open on a house account to the account of another customer, by paired entries.

Entries are never changed, so each charge that moves gets a pair: one that lowers it to nothing here, and one
that charges it there, with the same due day. What was paid ahead moves in the same way. Both are locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from customers.models import Charge, LedgerEntry
from customers.models.ledger import Account
from customers.money import LIMIT
from customers.services import accounts
from orders.models import Allocation, Credit
from orders.models.allocation import AllocationKind
from orders.services.allocating import ZERO
from orders.services.house_account import HouseAccount
from stores.database.batches import in_parts
from stores.database.bulk_updates import update_many
from stores.errors import Invalid

BATCH_SIZE = 500


@dataclass(frozen=True)
class Transfer:
    """A pair of entries: of the account that gave and of the one that took, by their uid."""

    given: uuid.UUID
    taken: uuid.UUID
    is_charge: bool
    """Of a debt. Otherwise it is a payment ahead."""
    order_uid: uuid.UUID | None


def move_balance(giver: HouseAccount, taker: HouseAccount, reason: str) -> list[Transfer]:
    """Move all that is open from one account to the other; the giver ends at 0. Raises Invalid.

    The caller saves both customers, then the orders of the taker with `save_orders`.
    """
    charges = list(giver.all_charges().filter(open_amount__gt=0).order_by("due_on", "id"))
    moved = move_charges(giver, taker, charges, reason)
    return [*moved, *move_credits(giver, taker, giver.open_credits(), reason)]


def move_charges(
    giver: HouseAccount, taker: HouseAccount, charges: Sequence[Charge], reason: str
) -> list[Transfer]:
    """Move what is open of these charges. Open credits of the taker pay it at once."""
    if not charges:
        return []
    given = [entry_of(giver, -charge.open_amount, reason, charge) for charge in charges]
    taken = [entry_of(taker, charge.open_amount, reason, charge) for charge in charges]
    insert_entries(given, taken)
    settle(giver, charges, given)
    add_charges(taker, taken)
    if credits := taker.open_credits():
        uids = [entry.charge_uid for entry in taken]
        taker.allocate(credits, charges_named(taker, uids))
    return [
        Transfer(out.uid, into.uid, is_charge=True, order_uid=out.order_uid)
        for out, into in zip(given, taken, strict=True)
    ]


def move_credits(
    giver: HouseAccount, taker: HouseAccount, credits: Sequence[Credit], reason: str
) -> list[Transfer]:
    """Move what is open of these credits. Each keeps its day, and pays what the taker owes."""
    moved = list[Transfer]()
    for credit in credits:
        amount = credit.open_amount
        given = take_off(giver, credit, reason)
        taken = taker.post(-amount, reason=reason, paid_on=credit.paid_on)
        moved.append(Transfer(given.uid, taken.uid, is_charge=False, order_uid=None))
    return moved


def take_off(account: HouseAccount, credit: Credit, reason: str) -> LedgerEntry:
    """Take what is open of a credit off its account. Its day of payment tells the entry from a moved charge."""
    entry = accounts.post(
        account.edit,
        Account.HOUSE,
        credit.open_amount,
        reason=reason,
        due_on=account.today,
        paid_on=account.today,
    )
    account.allocate([credit], [account.create_charge(entry)])
    return entry


def entry_of(account: HouseAccount, amount: Decimal, reason: str, charge: Charge) -> LedgerEntry:
    """Return an unsaved entry that moves a charge, and add it to the balance of the customer."""
    customer, is_debt = account.customer, amount > 0
    customer.account_balance += amount
    if abs(customer.account_balance) >= LIMIT:
        raise Invalid("balance_too_large", "amount")
    return LedgerEntry(
        store_id=customer.store_id,
        customer=customer,
        account=Account.HOUSE,
        amount=amount,
        balance_after=customer.account_balance,
        reason=reason,
        order_uid=charge.uid if charge.is_of_order else None,
        due_on=charge.due_on if is_debt else None,
        paid_on=None if is_debt else account.today,
        actor_name=account.actor_name,
    )


def insert_entries(given: list[LedgerEntry], taken: list[LedgerEntry]) -> None:
    LedgerEntry.objects.bulk_create(given, batch_size=BATCH_SIZE)
    LedgerEntry.objects.bulk_create(taken, batch_size=BATCH_SIZE)


def settle(giver: HouseAccount, charges: Sequence[Charge], entries: list[LedgerEntry]) -> None:
    """Let the credit of each entry pay its charge."""
    credits = [credit_of(giver, entry) for entry in entries]
    Credit.objects.bulk_create(credits, batch_size=BATCH_SIZE)
    rows = [
        allocation_of(giver, credit, charge)
        for credit, charge in zip(credits, charges, strict=True)
    ]
    Allocation.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    for part in in_parts([charge.pk for charge in charges], BATCH_SIZE):
        giver.all_charges().filter(pk__in=part).update(open_amount=ZERO, settled_on=giver.today)


def credit_of(giver: HouseAccount, entry: LedgerEntry) -> Credit:
    return Credit(
        store_id=entry.store_id,
        customer=giver.customer,
        uid=entry.uid,
        order_uid=entry.order_uid,
        is_reduction=entry.is_of_order,
        paid_on=giver.today,
        amount=-entry.amount,
        open_amount=ZERO,
    )


def allocation_of(giver: HouseAccount, credit: Credit, charge: Charge) -> Allocation:
    kind = AllocationKind.REDUCTION if credit.is_reduction else AllocationKind.PAYMENT
    return Allocation(
        store_id=credit.store_id,
        customer=giver.customer,
        credit=credit,
        charge=charge,
        kind=kind,
        amount=credit.amount,
        effective_on=giver.today,
        actor_name=giver.actor_name,
    )


def add_charges(taker: HouseAccount, entries: list[LedgerEntry]) -> None:
    """Add each entry to its charge. An order that comes back has one already."""
    uids = [entry.charge_uid for entry in entries]
    present = {charge.uid: charge for charge in charges_named(taker, uids)}
    new = [entry for entry in entries if entry.charge_uid not in present]
    rows = [
        Charge(
            store_id=entry.store_id,
            customer=taker.customer,
            uid=entry.charge_uid,
            is_of_order=entry.is_of_order,
            posted_at=entry.created_at,
            due_on=entry.due_on or taker.today,
            amount=entry.amount,
            open_amount=entry.amount,
        )
        for entry in new
    ]
    Charge.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    for entry in entries:
        if charge := present.get(entry.charge_uid):
            charge.amount += entry.amount
            charge.open_amount += entry.amount
            charge.settled_on = None
    columns = ["amount", "open_amount", "settled_on"]
    update_many([*present.values()], columns)


def charges_named(account: HouseAccount, uids: Iterable[uuid.UUID]) -> list[Charge]:
    """Return the charges with these uids, those due first at first."""
    found = list[Charge]()
    for part in in_parts(uids, BATCH_SIZE):
        found += account.all_charges().filter(uid__in=part)
    return sorted(found, key=lambda charge: (charge.due_on, charge.pk))
