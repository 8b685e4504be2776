"""Note a step of privacy in a customer's history."""

from __future__ import annotations

from customers.models.customer_queryset import CustomerQuerySet
from customers.privacy.services.erasing import find_erasure
from customers.services.editing import Edit, editing
from stores.actors import Actor


def note_step(edit: Edit, step: str) -> None:
    """Note the step in an edit, and save it.

    Of an erased customer nothing is saved: whoever follows the feed would create it again.
    """
    if find_erasure(edit.customer) is None:
        edit.record_child_change(step, None)
        edit.save_and_publish()


def note_step_of(target: CustomerQuerySet, actor: Actor, step: str) -> None:
    with editing(target, actor) as edit:
        note_step(edit, step)
