"""Issue API keys. The names of a store's keys in use differ, because histories tell keys apart by name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from stores.errors import Conflict
from stores.models import ApiKey, Store
from stores.outbox import lock_store


def issue_key(
    store: Store | None,
    name: str,
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Return a new key and its text, which cannot be shown again. None means every scope.

    Raises Conflict `key_name_taken` when a key of the store that is not revoked has this name, in any case.
    Keys of former releases may share a name.
    """
    with transaction.atomic():
        if store is not None:
            lock_store(store.pk)
        named = ApiKey.objects.filter(store=store, name__iexact=name, revoked_at=None)
        if named.exists():
            raise Conflict("key_name_taken", "name")
        return ApiKey.issue(store=store, name=name, scopes=scopes, expires_at=expires_at)
