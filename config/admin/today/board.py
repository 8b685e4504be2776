"""The tasks of a store as the start page shows them: by kind, one's own first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.admin.today.book import Addresses, Duplicates
from config.admin.today.imports import Imports
from config.admin.today.money import Overdue, OverLimit
from config.admin.today.orders import ToShip
from config.admin.today.privacy_requests import PrivacyRequests
from config.admin.today.receipts import Receipts
from config.admin.today.retention import Retention
from config.admin.today.source import Day, Item, Source
from config.admin.today.webhooks import Webhooks
from customers.tasks.kinds import TaskKind
from customers.tasks.models import Assignment

SHOWN = 5  # tasks of a kind
READ = 1000  # assignments in force
EVERYTHING, MINE, NOBODYS, SNOOZED = "", "mine", "nobody", "snoozed"
SOURCES: tuple[Source, ...] = (
    Overdue(),
    ToShip(),
    OverLimit(),
    Duplicates(),
    Addresses(),
    Webhooks(),
    Imports(),
    PrivacyRequests(),
    Retention(),
    Receipts(),
)
BY_KIND = {source.kind: source for source in SOURCES}


@dataclass(frozen=True)
class Row:
    """A task and what was decided about it, if anything."""

    item: Item
    assignment: Assignment | None


@dataclass
class Section:
    title: str
    rows: list[Row] = field(default_factory=list)
    summary: str = ""
    url: str = ""
    link: str = ""


class Board:
    """What one person sees of a store's tasks."""

    def __init__(self, day: Day, user: Any) -> None:
        self.day, self.user = day, user
        self.sources = [source for source in SOURCES if user.has_perm(source.permission)]
        rows = Assignment.objects.for_store(day.store).in_force(day.today)
        self.assignments = {
            (one.kind, one.subject): one for one in rows.order_by("-updated_at")[:READ]
        }
        snoozed = [one for one in self.assignments.values() if self.is_snoozed(one)]
        own = [one for one in self.assignments.values() if one.assignee_id == user.pk]
        self.snoozed = self.rows_of(snoozed)
        self.mine = self.rows_of(one for one in own if not self.is_snoozed(one))

    def is_snoozed(self, one: Assignment) -> bool:
        return one.snoozed_until is not None and one.snoozed_until > self.day.today

    def rows_of(self, assignments: Iterable[Assignment]) -> list[Row]:
        """Return the rows of these assignments whose tasks still need a person."""
        subjects: dict[str, list[int]] = defaultdict(list)
        for one in assignments:
            subjects[one.kind].append(one.subject)
        rows: list[Row] = []
        for source in self.sources:
            if source.kind in subjects:
                rows += self.rows(source.among(self.day, subjects[source.kind]))
        return rows

    def rows(self, items: Iterable[Item]) -> list[Row]:
        return [
            Row(item, self.assignments.get((item.task.kind, item.task.subject))) for item in items
        ]

    def sections(self, whose: str) -> list[Section]:
        """Return what a tab of the page shows."""
        if whose == MINE:
            return [Section("Mine", self.mine)] if self.mine else []
        if whose == SNOOZED:
            return [Section("Put off", self.snoozed)] if self.snoozed else []
        mine = [Section("Mine", self.mine)] if self.mine and whose == EVERYTHING else []
        return [*mine, *self.by_title(whose)]

    def by_title(self, whose: str) -> list[Section]:
        """Return a section for each title. Sources with the same title share one, without a count."""
        sections: dict[str, Section] = {}
        for source in self.sources:
            hidden = self.hidden(source.kind, whose)
            rows = self.rows(source.first(self.day, hidden, SHOWN))
            if rows:
                section = sections.setdefault(source.title, self.heading(source))
                section.rows += rows
        return [*sections.values()]

    def hidden(self, kind: TaskKind, whose: str) -> Collection[int]:
        """Return the subjects that are shown elsewhere: put off, one's own, or somebody's."""
        return {
            one.subject
            for (of_kind, _), one in self.assignments.items()
            if of_kind == kind
            and (
                self.is_snoozed(one)
                or one.assignee_id == self.user.pk
                or (whose == NOBODYS and one.assignee_id is not None)
            )
        }

    def heading(self, source: Source) -> Section:
        if not source.is_counted:
            return Section(source.title)
        summary = source.how_many(source.count(self.day))
        return Section(source.title, [], summary, source.url(self.day.store), source.more)

    def tabs(self, whose: str) -> list[dict[str, Any]]:
        counts: Sequence[tuple[str, str, int | None]] = (
            (EVERYTHING, "Everything", None),
            (MINE, "Mine", len(self.mine)),
            (NOBODYS, "Nobody’s", None),
            (SNOOZED, "Put off", len(self.snoozed)),
        )
        return [
            {"value": value, "title": title, "count": count, "is_current": value == whose}
            for value, title, count in counts
        ]


def exists(day: Day, kind: TaskKind, subject: int) -> bool:
    """Return whether the task needs a person now."""
    return bool(BY_KIND[kind].among(day, [subject]))
