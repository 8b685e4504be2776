"""Signing secrets: generate, check, encrypt and decrypt them, and derive the key that signs."""

from __future__ import annotations

import base64
import binascii
import secrets

from stores.encryption import FieldEncryptor
from stores.errors import Invalid

PREFIX = "whsec_"
KEY_BYTES = 32
MIN_LENGTH, MAX_LENGTH = 16, 255  # characters of a secret that a client chose

encryptor = FieldEncryptor(b"clientele webhook secrets")


def generate() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def check(text: object) -> str:
    """Return a secret that a client chose. Raises Invalid if it cannot sign."""
    if not isinstance(text, str) or not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise Invalid("secret", "secret")
    try:
        signing_key(text)
    except ValueError as error:
        raise Invalid("secret", "secret") from error
    return text


def signing_key(text: str) -> bytes:
    """Return the bytes in `whsec_<base64>`, the form of Standard Webhooks, or else the text's bytes.

    Raises ValueError if anything but base64 follows `whsec_`.
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


def decrypt(encrypted: bytes | memoryview) -> str:
    """Return the secret. Raises DecryptionError."""
    return encryptor.decrypt(encrypted).decode()
