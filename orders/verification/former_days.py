"""The days of entries of former releases, which did not write them into the entry.

A charge was due, and a payment paid, on the day of its posting in the store's time zone. The store may have
another time zone now. So take the day that is recorded, if any time zone had it then.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, timedelta

from orders.verification.moved_rows import Values


def days_of(entry: Values) -> set[date]:
    """Return the days that time zones had when an entry was posted."""
    at = entry["created_at"].astimezone(UTC)
    return {(at + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}


def former_due_on(
    entry: Values, charge: Values | None, orders: dict[uuid.UUID, Values]
) -> date | None:
    """Return when a charge is due: the day of its posting, or the due day of the order that a till named."""
    days = days_of(entry)
    if named := orders.get(entry["order_uid"]):
        days.add(named["due_on"])
    return recorded(charge["due_on"] if charge else None, days, entry)


def former_paid_on(entry: Values, credit: Values | None) -> date:
    return recorded(credit["paid_on"] if credit else None, days_of(entry), entry)


def recorded(day: date | None, days: set[date], entry: Values) -> date:
    utc: date = entry["created_at"].astimezone(UTC).date()
    return day if day in days and day is not None else utc
