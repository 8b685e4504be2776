from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from stores.api_keys import issue_key
from stores.errors import Conflict
from stores.management.arguments import get_store
from stores.models import ApiKey, Store
from stores.models.base import validate_moment
from stores.scopes import SCOPES, UnknownScope, canonical_scopes


class Command(BaseCommand):
    help = "Create an API key and print it. It cannot be printed again: only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--name", required=True, help="The user of the key, such as `web shop`."
        )
        owner = parser.add_mutually_exclusive_group(required=True)
        owner.add_argument("--store", metavar="UUID", help="The store that the key enters.")
        owner.add_argument(
            "--administrator", action="store_true", help="A key that enters every store."
        )
        parser.add_argument(
            "--scope",
            action="append",
            metavar="SCOPE",
            help=f"Repeat it for several scopes; omit it for all. One of: {', '.join(SCOPES)}.",
        )
        parser.add_argument(
            "--expires",
            metavar="WHEN",
            help="ISO date or date-time, in the store's time zone by default. A date means 00:00.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"]) if options["store"] is not None else None
        name, scopes = valid_name(options["name"]), valid_scopes(options["scope"])
        expires = future_moment(options["expires"], store) if options["expires"] else None
        key, text = issue_named_key(store, name, scopes, expires)
        if key.name != name:
            self.stderr.write(f"A key in use has this name, so this one is called {key.name}.")
        self.stdout.write(text)


def issue_named_key(
    store: Store | None, name: str, scopes: list[str] | None, expires: datetime | None
) -> tuple[ApiKey, str]:
    """Issue a key. Scripts make keys again under one name: number those whose name is taken."""
    longest = ApiKey._meta.get_field("name").max_length or 0
    free_name, numbers = name, count(2)
    while True:
        try:
            return issue_key(store, free_name, scopes, expires)
        except Conflict:
            suffix = f" {next(numbers)}"
            free_name = name[: longest - len(suffix)] + suffix


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
