"""Keep the charges of a house account, and how much of each is open. Every posting updates them."""

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
    """Record a new ledger entry of a locked customer.

    Without `due_on` a charge is due today, in the store's time zone.
    """
    # A till's posting that only names an order is a charge of its own, see `LedgerEntry`.
    if entry.is_of_order:
        record_order_entry(customer, entry, due_on)
    elif entry.amount > 0:
        add_charge(customer, entry, due_on)
    reallocate_open_amounts(customer)


def record_order_entry(customer: Customer, entry: LedgerEntry, due_on: date | None) -> None:
    """Add an entry of an order's own operations, such as a payment, to the order's charge."""
    charge = charges_of(customer).filter(uid=entry.charge_uid).first()
    if charge is None:
        add_charge(customer, entry, due_on)
        return
    charge.amount += entry.amount
    # Refunds may exceed the charge, but a constraint keeps `open_amount` at zero or more.
    charge.open_amount = min(charge.open_amount, max(charge.amount, ZERO))
    charge.save(update_fields=["amount", "open_amount"])


def add_charge(customer: Customer, entry: LedgerEntry, due_on: date | None) -> None:
    Charge.objects.create(
        store_id=customer.store_id,
        customer=customer,
        uid=entry.charge_uid,
        # The day in the store's time zone, which may be the day before or after in UTC.
        due_on=due_on or entry.created_at.astimezone(customer.store.tzinfo).date(),
        amount=entry.amount,
    )


def reallocate_open_amounts(customer: Customer) -> None:
    """Open the charges that are due last, up to the balance: payments settle those due first.

    Read only as many charges as the balance covers, so that a long history costs nothing.
    """
    unallocated, last = max(customer.account_balance, ZERO), None
    charges = due_last(customer) if unallocated else iter(())
    for last in charges:
        open_amount = min(last.amount, unallocated)
        unallocated -= open_amount
        if last.open_amount != open_amount:
            last.open_amount = open_amount
            last.save(update_fields=["open_amount"])
        if not unallocated:
            break
    # Settle what is due before the last charge that was read: one UPDATE, however long the history.
    settled = charges_of(customer).filter(open_amount__gt=0)
    if last is not None:
        settled = settled.after_keys(last.due_on, last.pk, order=DUE_LAST)
    settled.update(open_amount=0)


def due_last(customer: Customer) -> Iterator[Charge]:
    """Yield the charges, those due last first, read in batches as the caller needs them."""
    ordered = charges_of(customer).filter(amount__gt=0).order_by(*DUE_LAST)
    remaining = ordered
    while batch := list(remaining[:BATCH_SIZE]):
        yield from batch
        remaining = ordered.after_keys(batch[-1].due_on, batch[-1].pk, order=DUE_LAST)


def charges_of(customer: Customer) -> TenantQuerySet[Charge]:
    return Charge.objects.filter(store=customer.store_id, customer=customer)
