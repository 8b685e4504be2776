"""What every report is: rows of columns, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from customers.money import round_half_up
from orders.reports.columns import CURRENCY, Column
from stores.models import Store

Line = tuple[Any, ...]
ZERO = Decimal(0)


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


def exact(amount: Decimal | None) -> Decimal:
    """Return a sum in the places of its column: SQLite adds in binary fractions. No rows add up to zero."""
    return round_half_up(amount or ZERO)
