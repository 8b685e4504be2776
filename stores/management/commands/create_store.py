from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stores.models import Store


class Command(BaseCommand):
    help = "Create a store and print its UUID."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="What staff and API clients see.")
        parser.add_argument("--country", required=True, help="Two-letter ISO 3166 code: AU.")
        parser.add_argument("--currency", required=True, help="Three-letter ISO 4217 code: AUD.")
        parser.add_argument("--timezone", default="UTC", help="For example Australia/Sydney.")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store(
            name=options["name"].strip(),
            country=options["country"].upper(),
            currency=options["currency"].upper(),
            timezone=options["timezone"],
        )
        try:
            store.full_clean()
        except ValidationError as refusal:
            raise CommandError(first_message(refusal)) from None
        store.save()
        self.stdout.write(str(store.uid))


def first_message(error: ValidationError) -> str:
    """Return the first field with an error, and its message."""
    name, messages = next(iter(error.message_dict.items()))
    return f"{name}: {messages[0]}"
