"""Give tasks to people, and put tasks off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from customers.tasks.kinds import TaskKind
from customers.tasks.models import Assignment
from stores.actors import Actor
from stores.errors import Invalid
from stores.models import Store

LONGEST_SNOOZE = timedelta(days=366)


@dataclass(frozen=True)
class Task:
    """What needs a person: a row, or with subject 0 all rows of a kind."""

    kind: TaskKind
    subject: int


def assign_task(store: Store, task: Task, person: Actor | None, actor: Actor) -> Assignment:
    """Give the task to a member of staff; None gives it to nobody."""
    assignee = {
        "assignee_id": person and person.id,
        "assignee_name": person.name if person else "",
    }
    return save(store, task, actor, assignee)


def snooze_task(store: Store, task: Task, until: date | None, actor: Actor) -> Assignment:
    """Put the task off until the day `until`; None shows it again now.

    Raises Invalid `not_later` for a day that has come already in the store, or is more than a year away.
    """
    today = timezone.localdate(timezone=store.tzinfo)
    if until is not None and not today < until <= today + LONGEST_SNOOZE:
        raise Invalid("not_later", "until")
    return save(store, task, actor, {"snoozed_until": until})


def save(store: Store, task: Task, actor: Actor, values: dict[str, Any]) -> Assignment:
    values |= {"actor_name": actor.name, "updated_at": timezone.now()}
    assignment, _ = Assignment.objects.update_or_create(
        store=store, kind=task.kind, subject=task.subject, defaults=values
    )
    return assignment
