"""Count in months of the calendar."""

from __future__ import annotations

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_of_month_from(day: date) -> date:
    """Return the first day of a month that is not before `day`."""
    return day if day.day == 1 else months_after(day.replace(day=1), 1)
