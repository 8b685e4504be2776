"""Signing secrets: made, kept encrypted, and turned into the key that signs."""

from __future__ import annotations

import base64
import binascii
import secrets

from stores.encryption import FieldEncryptor
from stores.errors import Invalid

PREFIX = "whsec_"
KEY_BYTES = 32
MIN_LENGTH, MAX_LENGTH = 16, 255  # characters of a secret that a client brings along

encryptor = FieldEncryptor(b"clientele webhook secrets")


def generate() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def check(text: object) -> str:
    """A client's own secret, as it was sent. Raises Invalid for one that cannot sign."""
    if not isinstance(text, str) or not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise Invalid("secret", "secret")
    try:
        signing_key(text)
    except ValueError as error:
        raise Invalid("secret", "secret") from error
    return text


def signing_key(text: str) -> bytes:
    """The bytes behind `whsec_` and base64, as Standard Webhooks has it; else the text's own bytes.

    Raises ValueError for a `whsec_` with anything but base64 behind it.
    """
    if not text.startswith(PREFIX):
        return text.encode()
    encoded = text[len(PREFIX) :].rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not key:
        raise ValueError("empty")
    return key


def encrypt(text: str) -> bytes:
    return encryptor.encrypt(text.encode())


def decrypt(kept: bytes | memoryview) -> str:
    """Raises DecryptionError."""
    return encryptor.decrypt(kept).decode()
