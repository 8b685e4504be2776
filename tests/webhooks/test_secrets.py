"""Secrets: made, checked, kept, and turned into keys."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from stores.encryption import DecryptionError
from stores.errors import Invalid
from stores.webhooks import secrets


def test_a_generated_secret_is_the_prefix_and_32_random_bytes() -> None:
    one, other = secrets.generate(), secrets.generate()
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
    assert one != other


def test_a_secret_with_the_prefix_signs_with_its_decoded_bytes() -> None:
    assert secrets.signing_key("whsec_" + base64.b64encode(b"x" * 32).decode()) == b"x" * 32


def test_padding_may_be_left_out() -> None:
    assert secrets.signing_key("whsec_" + base64.b64encode(b"x" * 16).decode().rstrip("=")) == (
        b"x" * 16
    )


def test_a_secret_without_the_prefix_signs_with_its_text() -> None:
    assert secrets.signing_key("schlüssel des ladens") == "schlüssel des ladens".encode()


@pytest.mark.parametrize("text", ["s" * 16, "s" * 255, "whsec_" + "A" * 32])
def test_a_client_may_bring_its_own_secret(text: str) -> None:
    assert secrets.check(text) == text


@pytest.mark.parametrize(
    "text", ["", "s" * 15, "s" * 256, 7, ["s" * 16], "whsec_not base64 at all", "whsec_==========="]
)
def test_a_secret_that_cannot_sign_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as refusal:
        secrets.check(text)
    assert refusal.value.field == "secret"


def test_what_is_kept_shows_nothing_of_the_secret() -> None:
    kept = secrets.encrypt("whsec_something")
    assert b"something" not in kept
    assert secrets.decrypt(memoryview(kept)) == "whsec_something"


def test_a_secret_outlives_a_change_of_the_secret_key(settings: Any) -> None:
    kept = secrets.encrypt("whsec_something")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", [settings.SECRET_KEY]
    assert secrets.decrypt(kept) == "whsec_something"


def test_without_the_old_key_a_secret_cannot_be_read(settings: Any) -> None:
    kept = secrets.encrypt("whsec_something")
    settings.SECRET_KEY = "the new one"
    with pytest.raises(DecryptionError):
        secrets.decrypt(kept)
