"""The charges of a house account, with how much of each is still open; every posting updates them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from customers.models import Charge, Customer, LedgerEntry
from stores.models.base import TenantQuerySet

DUE_LAST = ("-due_on", "-id")
BATCH_SIZE = 50
ZERO = Decimal(0)


def record_entry(customer: Customer, entry: LedgerEntry, due_on: date | None) -> None:
    """Records a new entry of the customer, who is locked. Without `due_on` a charge is due on the store's
    present day."""
    if entry.is_of_order:
        record_order_entry(customer, entry, due_on)
    elif entry.amount > 0:
        add_charge(customer, entry, due_on)
    reallocate_open_amounts(customer)


def record_order_entry(customer: Customer, entry: LedgerEntry, due_on: date | None) -> None:
    charge = charges_of(customer).filter(uid=entry.charge_uid).first()
    if charge is None:
        add_charge(customer, entry, due_on)
        return
    charge.amount += entry.amount
    charge.open_amount = min(charge.open_amount, max(charge.amount, ZERO))
    charge.save(update_fields=["amount", "open_amount"])


def add_charge(customer: Customer, entry: LedgerEntry, due_on: date | None) -> None:
    Charge.objects.create(
        store_id=customer.store_id,
        customer=customer,
        uid=entry.charge_uid,
        due_on=due_on or entry.created_at.astimezone(customer.store.tzinfo).date(),
        amount=entry.amount,
    )


def reallocate_open_amounts(customer: Customer) -> None:
    """Makes the charges due last the open ones, up to the balance; payments settle those due first."""
    left, last = max(customer.account_balance, ZERO), None
    charges = due_last(customer) if left else iter(())
    for last in charges:
        open_amount = min(last.amount, left)
        left -= open_amount
        if last.open_amount != open_amount:
            last.open_amount = open_amount
            last.save(update_fields=["open_amount"])
        if not left:
            break
    others = charges_of(customer).filter(open_amount__gt=0)
    if last is not None:
        others = others.after_keys(last.due_on, last.pk, order=DUE_LAST)
    others.update(open_amount=0)


def due_last(customer: Customer) -> Iterator[Charge]:
    """The charges, those due last first, read in batches as far as they are needed."""
    ordered = charges_of(customer).filter(amount__gt=0).order_by(*DUE_LAST)
    rest = ordered
    while found := list(rest[:BATCH_SIZE]):
        yield from found
        rest = ordered.after_keys(found[-1].due_on, found[-1].pk, order=DUE_LAST)


def charges_of(customer: Customer) -> TenantQuerySet[Charge]:
    return Charge.objects.filter(store=customer.store_id, customer=customer)
