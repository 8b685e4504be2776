"""Letters to all who owe something, or to chosen customers: a preview first, then the worker's queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
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
    may_get_letters,
    owing_customers,
    with_address,
)
from orders.models import Letter
from orders.models.letter import LetterState, Level
from orders.services.letters import statement_letter
from orders.services.reminders import (
    Reminder,
    count_first_reminders,
    due_reminders,
    reminded,
)
from orders.statements.periods import Period
from stores.actors import Actor
from stores.models import Store

BATCH_SIZE = 500
ZERO = Decimal(0)
Keys = Collection[int] | None  # of chosen customers; None for all who owe something


@dataclass(frozen=True)
class Preview:
    """What a run would send: to how many, about how much, and who has no e-mail address."""

    count: int
    amount: Decimal
    without_address: int
    by_level: dict[int, int] = field(default_factory=dict)


def preview_statements(store: Store, chosen: Keys = None) -> Preview:
    receiving = receivers(store, chosen)
    reachable = with_address(receiving, store)
    amount = reachable.filter(account_balance__gt=0).aggregate(sum=Sum("account_balance"))["sum"]
    count = reachable.count()
    return Preview(count, round_half_up(amount or ZERO), receiving.count() - count)


def receivers(store: Store, chosen: Keys) -> CustomerQuerySet:
    """Return who gets a statement: the chosen customers, also if they owe nothing, or all who owe."""
    if chosen is None:
        return owing_customers(store)
    return may_get_letters(Customer.objects.for_store(store)).filter(pk__in=chosen)


def queue_statements(store: Store, actor: Actor, period: Period, chosen: Keys = None) -> int:
    """Send their statements to those who have an e-mail address. Return their number.

    Who has a statement of these days in the queue already gets no second one.
    """
    with unit_of_work():
        waiting = Letter.objects.filter(
            store=store, level=Level.STATEMENT, state=LetterState.WAITING,
            first_day=period.first, last_day=period.last,
        )  # fmt: skip
        customers = with_address(receivers(store, chosen), store).exclude(
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


def preview_reminders(store: Store, today: date, chosen: Keys = None) -> Preview:
    """Tell what `queue_reminders` would send. Who got no reminder yet is counted by the database."""
    customers = owing_customers(store)
    if chosen is not None:
        customers = customers.filter(pk__in=chosen)
    before = reminded(customers, store)
    fresh = customers.exclude(pk__in=before.values("pk"))
    everybody, _ = count_first_reminders(store, today, fresh)
    count, amount = count_first_reminders(store, today, with_address(fresh, store))
    further = due_reminders(store, today, chosen, among=before)
    reachable = [reminder for reminder in further if reminder.address]
    levels = Counter({Level.FIRST: count}) + Counter(reminder.level for reminder in reachable)
    return Preview(
        count + len(reachable),
        amount + sum((reminder.overdue for reminder in reachable), ZERO),
        everybody - count + len(further) - len(reachable),
        dict(levels),
    )


def queue_reminders(store: Store, actor: Actor, today: date, chosen: Keys = None) -> int:
    """Send the reminders that are due to all who have an e-mail address. Return their number.

    Two people, or two workers, who do it at once send each reminder once: the second one is refused.

    Raises Conflict `reminded_already`.
    """
    with unit_of_work():
        reminders = due_reminders(store, today, chosen)
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
