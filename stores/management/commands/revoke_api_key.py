from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stores.models import ApiKey
from stores.models.api_key import PREFIX


class Command(BaseCommand):
    help = "Revoke an API key for good; within a second nobody gets in with it. Prints its id."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="The whole key, or its id: what follows sk_live_.")

    def handle(self, *args: Any, key: str, **options: Any) -> None:
        found = find_key(key.strip())
        if found is None:
            raise CommandError("There is no such API key.")  # which may be a secret: not repeated
        found.revoke()
        self.stdout.write(found.key_id)


def find_key(text: str) -> ApiKey | None:
    """The key of this whole text or this id, with or without its prefix."""
    by_id = ApiKey.objects.filter(key_id=text.removeprefix(PREFIX))
    return by_id.first() or ApiKey.objects.by_text(text).first()
