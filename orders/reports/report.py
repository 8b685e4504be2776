"""What every report is: columns, rows and sums; and the days that it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from customers.money import round_half_up
from orders.open_charges import end_of
from stores.models import Store

Line = tuple[Any, ...]
ZERO = Decimal(0)


class Kind(Enum):
    """What a column holds: how it is written, and on which side."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    COUNT = "count"

    @property
    def is_number(self) -> bool:
        return self in (Kind.MONEY, Kind.COUNT)


@dataclass(frozen=True)
class Column:
    heading: str
    kind: Kind = Kind.TEXT


def money(heading: str) -> Column:
    return Column(heading, Kind.MONEY)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, of a store."""

    store: Store
    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, self.store.tzinfo)

    @property
    def end(self) -> datetime:
        """The midnight after the last day."""
        return end_of(self.last, self.store.tzinfo)

    def holds(self, moment: str) -> Q:
        """Return the condition for rows whose column `moment` is in the period."""
        return Q((f"{moment}__gte", self.start), (f"{moment}__lt", self.end))

    def day_of(self, moment: datetime) -> date:
        return timezone.localdate(moment, self.store.tzinfo)


@dataclass(frozen=True)
class Sums:
    """A line of sums in one currency: a value for each column, None where nothing is added up."""

    currency: str
    values: Line


def sums_of_currencies(rows: list[Line], place: int) -> list[Sums]:
    """Add up all columns after that of the currency, which stands at `place`, for each currency."""
    currencies = sorted({row[place] for row in rows})
    return [Sums(currency, sum_of(rows, place, currency)) for currency in currencies]


def sum_of(rows: list[Line], place: int, currency: str) -> Line:
    added = [row[place + 1 :] for row in rows if row[place] == currency]
    return (*[None] * (place + 1), *map(sum, zip(*added, strict=True)))


@dataclass(frozen=True)
class Report:
    """Rows of one store and their sums. `rows` takes the most rows to read, or None for all."""

    title: str
    store: Store
    columns: tuple[Column, ...]
    rows: Callable[[int | None], Iterable[Line]]
    sums: list[Sums] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def currency_of(self, line: Line) -> str:
        """Return the currency of a line: its column “Currency”, or else the store's."""
        for column, value in zip(self.columns, line, strict=True):
            if column.heading == CURRENCY.heading and value:
                return str(value)
        return self.store.currency


CURRENCY = Column("Currency")


def exact(amount: Decimal | None) -> Decimal:
    """Return a sum in the places of its column: SQLite adds in binary fractions. No rows add up to zero."""
    return round_half_up(amount or ZERO)
