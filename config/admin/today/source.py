"""How the start page finds what needs a person: a source for each kind of task."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task
from stores.models import Store

COUNTED = 100  # more are shown as “100+”, so that no count reads a whole book
SYSTEMS = "Systems and requests"  # the section of several sources


@dataclass(frozen=True)
class Day:
    """The store whose page it is, and its present day."""

    store: Store
    today: date

    @classmethod
    def of(cls, store: Store) -> Day:
        return cls(store, timezone.localdate(timezone=store.tzinfo))


@dataclass(frozen=True)
class Item:
    """A task in words: what, why, and at the right an amount or a state with what that means."""

    task: Task
    title: str
    url: str
    reasons: tuple[str, ...] = ()
    amount: str = ""
    note: str = ""
    tone: str = ""  # "bad" or "warn": the note is marked


class Source:
    """Finds the rows of one kind that need a person, and says it in words.

    All queries are bounded: they read some rows more than they show.
    """

    kind: TaskKind
    title: str
    noun: tuple[str, str] = ("task", "tasks")  # singular and plural
    is_counted = True  # the section shows how many there are, with a link to all
    permission: str
    model: str  # the list behind it, as in the names of the admin's URLs
    more = "All"  # the words of the link to the list

    def query(self) -> dict[str, str]:
        """Return the filters of the list behind it."""
        return {}

    def rows(self, day: Day) -> QuerySet[Any]:
        """Return the rows that need a person, those first that need one most."""
        raise NotImplementedError

    def item(self, day: Day, row: Any) -> Item:
        """Return a row in words."""
        raise NotImplementedError

    def items(self, day: Day, rows: list[Any]) -> list[Item]:
        return [self.item(day, row) for row in rows]

    def first(self, day: Day, without: Collection[int], most: int) -> list[Item]:
        """Return the most urgent tasks, except of these subjects."""
        return self.items(day, list(self.rows(day).exclude(pk__in=without)[:most]))

    def among(self, day: Day, subjects: Iterable[int]) -> list[Item]:
        """Return the tasks of these subjects that still need a person."""
        return self.items(day, list(self.rows(day).filter(pk__in=subjects)))

    def count(self, day: Day) -> int:
        """Return how many tasks there are, or one more than COUNTED."""
        return self.rows(day).order_by()[: COUNTED + 1].count()

    def url(self, store: Store) -> str:
        return list_of(store, self.model, self.query())

    def how_many(self, number: int) -> str:
        singular, plural = self.noun
        return f"{counted(number)} {singular if number == 1 else plural}"


def counted(number: int) -> str:
    return f"{COUNTED}+" if number > COUNTED else f"{number}"


def list_of(store: Store, model: str, filters: dict[str, str]) -> str:
    """Return the URL of the list of a store's rows with these filters."""
    query = urlencode({"store__id__exact": store.pk, **filters})
    return f"{reverse(f'admin:{model}_changelist')}?{query}"


def page_of(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
