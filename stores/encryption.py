"""Encrypt values that must not be readable in the database, with keys derived from SECRET_KEY."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


class DecryptionError(Exception):
    """Neither SECRET_KEY nor one of its fallbacks decrypts the value."""


class FieldEncryptor:
    """Encrypts with SECRET_KEY, and decrypts with its fallbacks, too; each purpose has its own key."""

    def __init__(self, purpose: bytes) -> None:
        self._purpose = purpose

    def encrypt(self, plain: bytes) -> bytes:
        return self._keys().encrypt(plain)

    def decrypt(self, encrypted: bytes | memoryview) -> bytes:
        """Raise DecryptionError, for example after a change of SECRET_KEY without a fallback."""
        try:
            return self._keys().decrypt(bytes(encrypted))
        except InvalidToken as error:
            raise DecryptionError from error

    def _keys(self) -> MultiFernet:
        secret_keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return MultiFernet([fernet(key, self._purpose) for key in secret_keys])


@lru_cache(maxsize=16)
def fernet(secret_key: str, purpose: bytes) -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(derivation.derive(secret_key.encode())))
