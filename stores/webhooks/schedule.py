"""The retry schedule of failed deliveries."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.conf import settings

JITTER = 0.1  # spreads the retries of deliveries that failed at the same time
MAX_RETRY_AFTER_SECONDS = 24 * 3600  # the longest wait that a receiver may ask for


def retry_delay(attempts: int, retry_after: float | None = None) -> float | None:
    """Return the seconds until the next attempt, or None when the schedule is over.

    `retry_after`, the seconds that the receiver asked for, counts if it is longer than the schedule.
    """
    schedule: list[float] = settings.WEBHOOK_RETRY_SCHEDULE
    if attempts >= len(schedule):
        return None
    delay = schedule[attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    return max(delay, min(retry_after or 0, MAX_RETRY_AFTER_SECONDS))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Return the seconds in a `Retry-After`, a number or an HTTP date; None if it is neither."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - now).total_seconds(), 0)
    except (ValueError, OverflowError):
        return None
