"""Days as other systems write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from customers.imports.drafts.draft import CellError

ISO = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})(?:[T ].*)?")
PARTS = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[ ,T].*)?")
NO_YEAR = re.compile(r"(?:--)?([0-9]{2})-?([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})")
SERIAL = re.compile(r"[1-9][0-9]{4}")  # days since 1899-12-30, as spreadsheets count
FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y")
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})


def read_day(text: str, country: str) -> date | None:
    """Return the day; None for one without a year. Raises CellError. The country decides 3/4/1980."""
    try:
        if iso := ISO.fullmatch(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if parts := PARTS.fullmatch(text):
            return day_of_parts(int(parts[1]), int(parts[2]), int(parts[3]), country)
    except ValueError:
        raise CellError("date") from None
    if NO_YEAR.fullmatch(text):
        return None
    if SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    return day_in_words(text)


def day_of_parts(first: int, second: int, year: int, country: str) -> date:
    is_month_first = country in MONTH_FIRST if max(first, second) <= 12 else second > 12
    return date(year, first, second) if is_month_first else date(year, second, first)


def day_in_words(text: str) -> date:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    raise CellError("date")
