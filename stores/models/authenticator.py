"""The app on a person's phone that shows codes, and the recovery codes: neither is readable in the database."""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import b32encode
from hashlib import sha256
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from stores.encryption import FieldEncryptor

SECRET_BYTES = 20  # as RFC 4226 recommends
DIGITS, STEP_SECONDS = 6, 30
TOLERANCE = 1  # steps before and after the present one
RECOVERY_PURPOSE = b"clientele recovery codes"
RECOVERY_DIGEST = 16  # characters: the column of django-otp has no more

encryptor = FieldEncryptor(b"clientele second factors")


def new_secret() -> bytes:
    """Return a new secret, encrypted."""
    return encryptor.encrypt(secrets.token_bytes(SECRET_BYTES))


class AuthenticatorApp(TimestampMixin, ThrottlingMixin, Device):
    """As django-otp's TOTPDevice, with an encrypted secret. One that no code has confirmed does not count."""

    secret = models.BinaryField(default=new_secret, help_text="Encrypted.")
    drift = models.SmallIntegerField(default=0, help_text="Steps that the phone's clock is ahead.")
    last_t = models.BigIntegerField(
        default=-1, help_text="The step of the last code: it counts once."
    )

    @property
    def bin_key(self) -> bytes:
        """Return the secret. Raises DecryptionError."""
        return encryptor.decrypt(self.secret)

    def verify_token(self, token: str) -> bool:
        """Check a code, which then counts no more. Wrong ones make the next wait. Raises DecryptionError."""
        is_allowed, _ = self.verify_is_allowed()
        if not is_allowed:
            return False
        totp = TOTP(self.bin_key, STEP_SECONDS, digits=DIGITS, drift=self.drift)
        totp.time = time.time()
        is_number = token.isascii() and token.isdecimal()
        if not is_number or not totp.verify(int(token), TOLERANCE, self.last_t + 1):
            self.throttle_increment(commit=True)
            return False
        self.last_t, self.drift = totp.t(), totp.drift
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> float:
        return getattr(settings, "OTP_TOTP_THROTTLE_FACTOR", 1.0)  # seconds, doubled each time

    @property
    def config_url(self) -> str:
        """Return what the QR code says."""
        issuer = settings.OTP_TOTP_ISSUER
        label = quote(f"{issuer}:{self.user.get_username()}")
        values = {"secret": b32encode(self.bin_key).decode(), "issuer": issuer}
        return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"


def recovery_digests(code: str) -> list[str]:
    """Return what is stored of a recovery code: a hash with SECRET_KEY, or with one of its fallbacks."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    hashes = (hmac.digest(key.encode(), RECOVERY_PURPOSE + code.encode(), sha256) for key in keys)
    return [b32encode(digest).decode().lower()[:RECOVERY_DIGEST] for digest in hashes]
