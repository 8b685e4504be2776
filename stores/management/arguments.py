"""Parse arguments that several commands have."""

from django.core.management.base import CommandError

from stores.models import Store
from stores.models.base import parse_uid


def get_store(text: str) -> Store:
    """Return the store with this UUID. Raises CommandError."""
    uid = parse_uid(text.strip().lower())
    store = Store.objects.filter(uid=uid).first() if uid else None
    if store is None:
        raise CommandError(f"There is no store {text}.")
    return store
