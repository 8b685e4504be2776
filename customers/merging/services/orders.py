"""Give orders of one customer to another, and tell what the events of orders show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings

from customers.merging.models import Merge, MovedRow, Table
from customers.models import Customer
from customers.services.editing import Edit, Subject
from orders.models import Order
from orders.models.order import OrderQuerySet
from orders.reads import ORDERS
from orders.services.statistics import orders_of, recount
from stores.database.batches import in_parts
from stores.database.key_lists import in_keys
from stores.errors import Conflict
from stores.outbox import EventData

BATCH_SIZE = 500
OWNER = "customer_uid"


def move_orders(survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    """Give all orders to the survivor. Raises Conflict `too_many_orders`: each publishes an event."""
    orders = orders_of(loser)
    pks = list(orders.order_by("pk").values_list("pk", flat=True))
    if len(pks) > settings.MAX_EVENTS_PER_CHANGE:
        raise Conflict("too_many_orders", most=settings.MAX_EVENTS_PER_CHANGE)
    orders.update(customer=survivor)
    recount(survivor)
    recount(loser)
    return [
        MovedRow(store_id=merge.store_id, merge=merge, table=Table.ORDER, row_pk=pk) for pk in pks
    ]


def moved_orders(merge: Merge, holder: Customer) -> OrderQuerySet:
    """Return the orders that the merge gave to the survivor, and that it still has."""
    rows = MovedRow.objects.filter(store=merge.store_id, merge=merge, table=Table.ORDER)
    # A list instead of a subquery: the planner would read all moved rows for each order.
    return orders_of(holder).filter(in_keys("pk", rows.column("row_pk")))


def order_subjects(
    former: Customer, pks: Sequence[int], changes: Sequence[Subject]
) -> list[Subject]:
    """Return what events tell of each order that moved, and of each other that was paid or is open again.

    Read it before the first event, which locks the store: thousands of orders take seconds.
    """
    paid = {subject.uid: subject for subject in changes}
    subjects = [with_payment(one, paid.pop(one.uid, None)) for one in moved_subjects(former, pks)]
    return [*subjects, *paid.values()]


def publish_orders(edit: Edit, subjects: list[Subject]) -> None:
    if subjects:
        next_versions = Edit(edit.customer, edit.actor)
        next_versions.held = edit.held
        next_versions.save_and_publish_about_each("order.updated", subjects)


def moved_subjects(former: Customer, pks: Sequence[int]) -> Iterator[Subject]:
    orders = Order.objects.filter(store=former.store_id, withdrawn_at=None)
    for part in in_parts(pks, BATCH_SIZE):
        for row in ORDERS.full.rows(orders.filter(pk__in=part).order_by("pk")):
            yield Subject(row["uid"], [OWNER], {OWNER: former.uid}, row)


def with_payment(subject: Subject, payment: Subject | None) -> Subject:
    if payment is None:
        return subject
    before: dict[str, Any] = subject.before | payment.before
    return replace(subject, changed=[*subject.changed, *payment.changed], before=before)


def hold_events(*edits: Edit) -> list[EventData]:
    """Let these edits collect their events. Publish them last: that locks the store, for which others wait."""
    events = list[EventData]()
    for edit in edits:
        edit.held = events
    return events
