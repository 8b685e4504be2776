from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stores.models import ApiKey
from stores.models.api_key import PREFIX


class Command(BaseCommand):
    help = "Revoke an API key permanently and print its id. It stops working within a second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="The whole key, or its id: what follows sk_live_.")

    def handle(self, *args: Any, key: str, **options: Any) -> None:
        api_key = find_key(key.strip())
        if api_key is None:
            raise CommandError("There is no such API key.")  # do not print it: it may be a secret
        api_key.revoke()
        self.stdout.write(api_key.key_id)


def find_key(text: str) -> ApiKey | None:
    """Find the key by its full text or its id, with or without the prefix."""
    by_id = ApiKey.objects.filter(key_id=text.removeprefix(PREFIX))
    return by_id.first() or ApiKey.objects.by_text(text).first()
