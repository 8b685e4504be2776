"""The periods that people choose most for a statement, in days of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    title: str = ""


def month_before(day: date) -> Period:
    """Return the calendar month before that of `day`."""
    last = day.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last, f"{last:%B}")


def usual_periods(today: date) -> list[Period]:
    """Return this month until today, the month before, this year and the last twelve months."""
    year_ago = date(today.year - 1, today.month, 1)
    return [
        Period(today.replace(day=1), today, f"{today:%B}"),
        month_before(today),
        Period(today.replace(month=1, day=1), today, "Since January"),
        Period(year_ago, today, "A year"),
    ]
