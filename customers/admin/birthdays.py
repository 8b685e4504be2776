"""Read a day of the year, as people type birthdays."""

from __future__ import annotations

import re
from datetime import date

from stores.admin.day_fields import day_formats
from stores.admin.lists.typed_values import Unreadable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LEAP_YEAR = 2000
NUMBERS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\.?\Z", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?\Z", re.ASCII | re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})\Z", re.ASCII | re.IGNORECASE)


def day_of_year(text: str, country: str) -> tuple[int, int]:
    """Return month and day of a text such as `5 Nov`, `Nov 5`, or `5/11` as the country writes it.

    Raises Unreadable, also for two numbers where nobody knows which of them is the month.
    """
    month, day = "0", "0"
    if match := DAY_FIRST.match(text):
        day, month = match[1], month_named(match[2])
    elif match := MONTH_FIRST.match(text):
        month, day = month_named(match[1]), match[2]
    elif (match := NUMBERS.match(text)) and len(formats := day_formats(country)) > 1:
        pair = (match[1], match[2])
        day, month = pair if formats[1].startswith("%d") else pair[::-1]
    try:
        found = date(LEAP_YEAR, int(month), int(day))
    except ValueError:
        raise Unreadable(f"Write birthdays like 5 Nov, not “{text}”.") from None
    return found.month, found.day


def month_named(name: str) -> str:
    """Return the number of a month by its English name or the first letters of it, “0” for none."""
    short = name[:3].lower()
    full = (
        date(LEAP_YEAR, MONTHS.index(short) + 1, 1).strftime("%B").lower()
        if short in MONTHS
        else ""
    )
    return str(MONTHS.index(short) + 1) if full.startswith(name.lower()) else "0"
