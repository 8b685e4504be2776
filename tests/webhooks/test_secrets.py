"""Secrets: generated, checked, encrypted, and decoded to signing keys."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from stores.encryption import DecryptionError
from stores.errors import Invalid
from stores.webhooks import secrets


def test_generated_secret_has_32_random_bytes() -> None:
    one, other = secrets.generate(), secrets.generate()
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
    assert one != other


def test_prefixed_secret_signs_with_decoded_bytes() -> None:
    assert secrets.signing_key("whsec_" + base64.b64encode(b"x" * 32).decode()) == b"x" * 32


def test_base64_padding_is_optional() -> None:
    assert secrets.signing_key("whsec_" + base64.b64encode(b"x" * 16).decode().rstrip("=")) == (
        b"x" * 16
    )


def test_unprefixed_secret_signs_with_its_text() -> None:
    assert secrets.signing_key("schlüssel des ladens") == "schlüssel des ladens".encode()


@pytest.mark.parametrize("text", ["s" * 16, "s" * 255, "whsec_" + "A" * 32])
def test_client_may_set_the_secret(text: str) -> None:
    assert secrets.check(text) == text


@pytest.mark.parametrize(
    "text", ["", "s" * 15, "s" * 256, 7, ["s" * 16], "whsec_not base64 at all", "whsec_==========="]
)
def test_invalid_secret_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as refusal:
        secrets.check(text)
    assert refusal.value.field == "secret"


def test_stored_secret_is_encrypted() -> None:
    encrypted = secrets.encrypt("whsec_something")
    assert b"something" not in encrypted
    assert secrets.decrypt(memoryview(encrypted)) == "whsec_something"


def test_secret_survives_a_new_secret_key(settings: Any) -> None:
    encrypted = secrets.encrypt("whsec_something")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", [settings.SECRET_KEY]
    assert secrets.decrypt(encrypted) == "whsec_something"


def test_secret_is_unreadable_without_its_key(settings: Any) -> None:
    encrypted = secrets.encrypt("whsec_something")
    settings.SECRET_KEY = "the new one"
    with pytest.raises(DecryptionError):
        secrets.decrypt(encrypted)
