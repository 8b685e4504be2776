"""Write notes about customers and orders, and finish the reminders that stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from customers.models.customer_queryset import CustomerQuerySet
from customers.tasks.models import Note
from customers.tasks.models.note import NoteQuerySet
from orders.models import Order
from stores.actors import Actor
from stores.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class Reminder:
    """Whom a note reminds, and on which day."""

    person: Actor
    day: date


def add_note(
    target: CustomerQuerySet,
    actor: Actor,
    text: str,
    *,
    order: Order | None = None,
    reminder: Reminder | None = None,
) -> Note:
    """Write a note about the customer that `target` names, or about one of its orders.

    Raises NotFound, and Invalid `required` for a text without a visible sign, `not_past` for a reminder
    before today.
    """
    text = text.strip()
    if not text:
        raise Invalid("required", "text")
    with transaction.atomic():
        customer = target.of_one_store().select_related("store").first()
        if customer is None or (order is not None and order.customer_id != customer.pk):
            raise NotFound
        today = timezone.localdate(timezone=customer.store.tzinfo)
        if reminder is not None and reminder.day < today:
            raise Invalid("not_past", "remind_on")
        return Note.objects.create(
            store=customer.store,
            customer=customer,
            order=order,
            text=text,
            actor_name=actor.name,
            remind_on=reminder.day if reminder else None,
            assignee_id=reminder.person.id if reminder else None,
            assignee_name=reminder.person.name if reminder else "",
        )


def finish_reminder(target: NoteQuerySet, actor: Actor) -> None:
    """Mark the reminder of the note that `target` names as done. Raises Conflict `changed_meanwhile`."""
    done = target.of_one_store().waiting().update(done_at=timezone.now(), done_by=actor.name)
    if not done:
        raise Conflict("changed_meanwhile")
