"""Note a step of privacy in a customer's history."""

from __future__ import annotations

from customers.models.customer_queryset import CustomerQuerySet
from customers.services.editing import Edit, editing
from stores.actors import Actor


def note_step(edit: Edit, step: str) -> None:
    """Note the step in an edit, and save it. A step changes no value of the customer."""
    edit.record_child_change(step, None)
    edit.save_and_publish()


def note_step_of(target: CustomerQuerySet, actor: Actor, step: str) -> None:
    with editing(target, actor) as edit:
        note_step(edit, step)
