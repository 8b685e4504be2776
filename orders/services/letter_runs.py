"""Letters to all who owe something: a preview first, then the queue of the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.money import round_half_up
from customers.services.editing import unit_of_work
from orders.letters.recipients import (
    addresses_of,
    owing_customers,
    with_address,
)
from orders.models import Letter
from orders.models.letter import LetterState, Level
from orders.services.letters import statement_letter
from orders.services.reminders import Reminder, due_reminders
from orders.statements.periods import Period
from stores.actors import Actor
from stores.models import Store

BATCH_SIZE = 500
ZERO = Decimal(0)


@dataclass(frozen=True)
class Preview:
    """What a run would send: to how many, about how much, and who has no e-mail address."""

    count: int
    amount: Decimal
    without_address: int
    by_level: dict[int, int] = field(default_factory=dict)


def preview_statements(store: Store) -> Preview:
    owing = owing_customers(store)
    reachable = with_address(owing, store)
    amount = reachable.aggregate(sum=Sum("account_balance"))["sum"] or ZERO
    count = reachable.count()
    return Preview(count, round_half_up(amount), owing.count() - count)


def queue_statements(store: Store, actor: Actor, period: Period) -> int:
    """Send their statements to all who owe something and have an e-mail address. Return their number.

    Who has a statement of these days in the queue already gets no second one.
    """
    with unit_of_work():
        waiting = Letter.objects.filter(
            store=store, level=Level.STATEMENT, state=LetterState.WAITING,
            first_day=period.first, last_day=period.last,
        )  # fmt: skip
        customers = with_address(owing_customers(store), store).exclude(
            pk__in=waiting.values("customer")
        )
        count = 0
        for batch in in_batches(customers.order_by("pk")):
            addresses = addresses_of(batch)
            letters = (statement_letter(one, addresses[one.pk], actor, period) for one in batch)
            count += create(letters)
        return count


def in_batches(customers: CustomerQuerySet) -> Iterator[list[Customer]]:
    """Yield the customers by their keys, so many at a time."""
    batch = list(customers[:BATCH_SIZE])
    while batch:
        yield batch
        batch = list(customers.filter(pk__gt=batch[-1].pk)[:BATCH_SIZE])


def preview_reminders(store: Store, today: date) -> Preview:
    reminders = due_reminders(store, today)
    reachable = [reminder for reminder in reminders if reminder.address]
    by_level: dict[int, int] = {}
    for reminder in reachable:
        by_level[reminder.level] = by_level.get(reminder.level, 0) + 1
    amount = sum((reminder.overdue for reminder in reachable), ZERO)
    return Preview(len(reachable), amount, len(reminders) - len(reachable), by_level)


def queue_reminders(store: Store, actor: Actor, today: date) -> int:
    """Send the reminders that are due to all who have an e-mail address. Return their number.

    Two people, or two workers, who do it at once send each reminder once: the second one is refused.

    Raises Conflict `reminded_already`.
    """
    with unit_of_work():
        reminders = due_reminders(store, today)
        return create(reminder_letter(one, actor) for one in reminders if one.address)


def reminder_letter(reminder: Reminder, actor: Actor) -> Letter:
    customer = reminder.customer
    return Letter(
        store_id=customer.store_id,
        customer=customer,
        level=reminder.level,
        address=reminder.address,
        copy_to=customer.cc_email,
        overdue_since=reminder.since,
        actor_name=actor.name,
    )


def create(letters: Iterable[Letter]) -> int:
    rows = list(letters)
    Letter.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    return len(rows)
