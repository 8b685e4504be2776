"""A source whose tasks make one line of the start page together."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from config.admin.today.source import Day, Item, Source
from customers.tasks.models.assignment import WHOLE_KIND


class Line(Source):
    """One task for all rows of its kind."""

    is_counted = False

    def item(self, day: Day, number: int) -> Item:
        raise NotImplementedError

    def first(self, day: Day, without: Collection[int], most: int) -> list[Item]:
        number = 0 if WHOLE_KIND in without else self.count(day)
        return [self.item(day, number)] if number else []

    def among(self, day: Day, subjects: Iterable[int]) -> list[Item]:
        return self.first(day, (), 1) if WHOLE_KIND in list(subjects) else []
