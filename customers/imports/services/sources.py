"""The keys of other servers, as the back office keeps them."""

from __future__ import annotations

from customers.imports.models import ImportJob, ImportSource
from customers.imports.services.files import encryptor


def save_key(job: ImportJob, key: str) -> None:
    """Keep the key of the server that the import fetches from."""
    assert job.source is not None  # noqa: S101 only such imports have a key
    job.source.key = encryptor.encrypt(key.encode())
    job.source.save(update_fields=["key"])


def key_of(source: ImportSource) -> str:
    """Return the key, "" if none was given. Raises DecryptionError."""
    return encryptor.decrypt(source.key).decode() if source.key else ""
