"""What several commands read from their command line in one way."""

from django.core.management.base import CommandError

from stores.models import Store
from stores.models.base import parse_uid


def find_store(text: str) -> Store:
    """The store of this UUID. Raises CommandError."""
    uid = parse_uid(text.strip().lower())
    store = Store.objects.filter(uid=uid).first() if uid else None
    if store is None:
        raise CommandError(f"There is no store {text}.")
    return store
