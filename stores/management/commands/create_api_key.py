from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from stores.management.arguments import find_store
from stores.models import ApiKey, Store
from stores.models.base import validate_moment
from stores.scopes import SCOPES, UnknownScope, canonical


class Command(BaseCommand):
    help = "Issue an API key. Prints it this once; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="Who uses it, for example `web shop`.")
        owner = parser.add_mutually_exclusive_group(required=True)
        owner.add_argument("--store", metavar="UUID", help="The store that the key enters.")
        owner.add_argument(
            "--administrator", action="store_true", help="A key that enters every store."
        )
        parser.add_argument(
            "--scope",
            action="append",
            metavar="SCOPE",
            help=f"May be repeated; without any, every scope. One of: {', '.join(SCOPES)}.",
        )
        parser.add_argument(
            "--expires",
            metavar="WHEN",
            help="ISO date or date-time; without a zone it is the store's. A date means its midnight.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = find_store(options["store"]) if options["store"] is not None else None
        _, text = ApiKey.issue(
            store=store,
            name=valid_name(options["name"]),
            scopes=known_scopes(options["scope"]),
            expires_at=moment(options["expires"], store) if options["expires"] else None,
        )
        self.stdout.write(text)


def valid_name(text: str) -> str:
    try:
        name: str = ApiKey._meta.get_field("name").clean(text.strip(), None)
    except ValidationError as refusal:
        raise CommandError(f"name: {refusal.messages[0]}") from None
    return name


def known_scopes(names: list[str] | None) -> list[str] | None:
    try:
        return canonical(names) if names else None
    except UnknownScope as unknown:
        known = ", ".join(SCOPES)
        raise CommandError(f"Unknown scope {unknown.args[0]}. There are: {known}.") from None


def moment(text: str, store: Store | None) -> datetime:
    """The time that a text means at the store. Raises CommandError unless it lies ahead."""
    try:
        day = parse_date(text)
        when = datetime.combine(day, time()) if day else parse_datetime(text)
        if when and timezone.is_naive(when):
            when = when.replace(tzinfo=store.tzinfo if store else timezone.get_default_timezone())
        when = when and when.astimezone(UTC)
    except (ValueError, OverflowError):  # the last hours of the year 9999 are none of UTC
        when = None
    if when is None:
        raise CommandError(f"--expires takes an ISO date or date-time, and not {text}.")
    if when <= timezone.now():
        raise CommandError(f"--expires {text} is in the past.")
    try:
        validate_moment(when)
    except ValidationError as refusal:
        raise CommandError(f"--expires {text}: {refusal.messages[0]}") from None
    return when
