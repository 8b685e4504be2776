"""What a rule does: a part of a table at a time, so that no statement and no transaction is long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from customers.privacy.months import months_after
from stores.models import Store

MAX_EXAMPLES = 5


@dataclass(frozen=True)
class Due:
    """What is due on a day: rows of a store that are older than these months."""

    store: Store
    on: date
    after_months: int

    @property
    def until(self) -> datetime:
        return self.midnight(months_after(self.on, -self.after_months))

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.store.tzinfo)


@dataclass(frozen=True)
class Span:
    """Rows with keys above `low`, up to `high`."""

    low: int
    high: int

    def of(self, column: str = "pk") -> dict[str, int]:
        """Return the filter on a column that has the key."""
        return {f"{column}__gt": self.low, f"{column}__lte": self.high}


@dataclass
class Tally:
    """How many rows are done, or would be, with the keys of some; how many are kept, by the reason."""

    done: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    examples: list[int] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.done += other.done
        self.kept += other.kept
        self.examples = [*self.examples, *other.examples][:MAX_EXAMPLES]


@dataclass(frozen=True)
class Work:
    """What the rule for one kind of row does.

    `preview` counts in a span. `carry_out` does some of a span, inside a transaction, and returns how much and
    the last key that is done.
    """

    model: Any
    width: int  # keys in a span
    preview: Callable[[Due, Span], Tally]
    carry_out: Callable[[Due, Span], tuple[Tally, int]]

    def last_key(self, store: Store) -> int:
        keys = self.model.objects.filter(store=store).order_by("-pk").values_list("pk", flat=True)
        return keys.first() or 0

    def span(self, low: int, last: int, width: int | None = None) -> Span:
        return Span(low, min(low + (width or self.width), last))
