"""Parse the arguments of a new API key."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from stores.models import ApiKey, Store
from stores.models.base import validate_moment
from stores.scopes import SCOPES, UnknownScope, canonical_scopes


def valid_name(text: str) -> str:
    try:
        name: str = ApiKey._meta.get_field("name").clean(text.strip(), None)
    except ValidationError as refusal:
        raise CommandError(f"name: {refusal.messages[0]}") from None
    return name


def valid_scopes(names: list[str] | None) -> list[str] | None:
    try:
        return canonical_scopes(names) if names else None
    except UnknownScope as error:
        scopes = ", ".join(SCOPES)
        raise CommandError(f"Unknown scope {error.args[0]}. Choose from: {scopes}.") from None


def future_moment(text: str, store: Store | None) -> datetime:
    """Return the UTC time of a text in the store's time zone. Raises CommandError if not ahead."""
    try:
        day = parse_date(text)
        when = datetime.combine(day, time()) if day else parse_datetime(text)
        if when and timezone.is_naive(when):
            when = when.replace(tzinfo=store.tzinfo if store else timezone.get_default_timezone())
        when = when and when.astimezone(UTC)
    except (ValueError, OverflowError):  # the end of the year 9999 may lie outside of UTC's range
        when = None
    if when is None:
        raise CommandError(f"--expires takes an ISO date or date-time, not {text}.")
    if when <= timezone.now():
        raise CommandError(f"--expires {text} is in the past.")
    try:
        validate_moment(when)
    except ValidationError as refusal:
        raise CommandError(f"--expires {text}: {refusal.messages[0]}") from None
    return when
