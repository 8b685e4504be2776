"""The keys of other servers, as the back office keeps them."""

from __future__ import annotations

from customers.imports.models import ImportSource
from customers.imports.services.files import encryptor


def save_key(source: ImportSource, key: str) -> None:
    source.key = encryptor.encrypt(key.encode())
    source.save(update_fields=["key"])


def key_of(source: ImportSource) -> str:
    """Return the key, "" if none was given. Raises DecryptionError."""
    return encryptor.decrypt(source.key).decode() if source.key else ""
