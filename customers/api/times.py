"""Times on the wire: parses those that clients send, and formats those that dialects show, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?\Z"
)
PLUS_LOST = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.* \d\d(?::?\d\d)?\Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


class BadTime(ValueError):
    """Raised for text that is no date or date-time; `args[0]` says why."""


def seconds(moment: datetime | None) -> str | None:
    """Format as `2024-06-15T09:00:00Z`."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z" if moment else None


def milliseconds(moment: datetime | None) -> str | None:
    """Format as `2024-01-10T08:00:00.000Z`."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z" if moment else None


def spaced(moment: datetime | None) -> str | None:
    """Format as `2019-04-22 14:18:54`."""
    return moment.astimezone(UTC).isoformat(" ")[:19] if moment else None


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Parse a date or date-time in ISO 8601. Without an offset it is in `zone`; a date is its first moment.

    Raises BadTime, with a hint when a `+` arrived as a space.
    """
    if PLUS_LOST.match(text):
        raise BadTime("Not a date-time: a + in a query must be sent as %2B.")
    if not ISO.match(text):
        raise BadTime("Not an ISO 8601 date or date-time.")
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadTime("No such date or time.") from None


def parse_until(text: str, zone: tzinfo = UTC) -> datetime:
    """Return the first moment after an inclusive end: a date is a whole day, a date-time a whole second."""
    try:
        if not DAY.match(text):
            return parse_moment(text, zone).replace(microsecond=0) + timedelta(seconds=1)
        following = date.fromisoformat(text) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadTime("No such date or time.") from None
    return parse_moment(following.isoformat(), zone)


def parse_day(text: str) -> date:
    if not DAY.match(text):
        raise BadTime("Not a date like 1986-09-17.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTime("No such date.") from None
