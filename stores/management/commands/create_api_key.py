from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stores.api_keys import issue_key
from stores.errors import Conflict
from stores.management.arguments import get_store
from stores.management.key_arguments import future_moment, valid_name, valid_scopes
from stores.models import ApiKey, Store
from stores.scopes import SCOPES


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
