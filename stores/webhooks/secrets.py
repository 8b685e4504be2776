"""Signing secrets: made, kept encrypted, and turned into the key that signs."""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from stores.errors import Invalid

PREFIX = "whsec_"
KEY_BYTES = 32
SHORTEST, LONGEST = 16, 255  # characters of a secret that a client brings along
PURPOSE = b"clientele webhook secrets"


class Unreadable(Exception):
    """A secret that no present SECRET_KEY opens."""


def generate() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def check(text: object) -> str:
    """A client's own secret, as it was sent. Raises Invalid for one that cannot sign."""
    if not isinstance(text, str) or not SHORTEST <= len(text) <= LONGEST:
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
    return vault().encrypt(text.encode())


def decrypt(kept: bytes | memoryview) -> str:
    """Raises Unreadable, for example after a change of SECRET_KEY without a fallback."""
    try:
        return vault().decrypt(bytes(kept)).decode()
    except InvalidToken as error:
        raise Unreadable from error


def vault() -> MultiFernet:
    """Encrypts with SECRET_KEY, decrypts with the fallbacks too."""
    return MultiFernet(
        [fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


@lru_cache(maxsize=8)
def fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
