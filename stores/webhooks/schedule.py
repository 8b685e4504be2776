"""When a delivery that failed is tried again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.conf import settings

JITTER = 0.1  # so that a thousand deliveries that failed together do not come back together
MAX_RETRY_AFTER_SECONDS = 24 * 3600  # a receiver may ask for no more


def wait(made: int, retry_after: float | None = None) -> float | None:
    """Seconds until the next attempt after `made` of them, or None when the schedule is over.

    What the receiver asked for counts when it is longer than the schedule.
    """
    schedule: list[float] = settings.WEBHOOK_RETRY_SCHEDULE
    if made >= len(schedule):
        return None
    planned = schedule[made] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    return max(planned, min(retry_after or 0, MAX_RETRY_AFTER_SECONDS))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """What a `Retry-After` asks for, in seconds or as an HTTP date; None for anything unusable."""
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
