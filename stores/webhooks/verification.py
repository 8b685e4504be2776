"""Verify that a receiver of webhooks signed a request with its own secret, as Standard Webhooks says."""

from __future__ import annotations

import hmac
import logging
import secrets as random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from stores.encryption import DecryptionError
from stores.models import WebhookEndpoint
from stores.webhooks import secrets

logger = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=5)
MAX_DIGITS = 11  # of seconds: a longer number is beyond the years that Python knows
NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


class SignatureMissing(Exception):
    """A header is missing."""


class SignatureOld(Exception):
    """The timestamp is too old, or in the future."""


class WrongSignature(Exception):
    """The signature is by none of the endpoint's secrets, or there is no such endpoint."""


def require_recent(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when the request was signed. Raises as `require_signature`, whoever it is from."""
    if not all(headers.get(name) for name in NAMES):
        raise SignatureMissing
    text = headers["webhook-timestamp"]
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise WrongSignature
    signed_at = datetime.fromtimestamp(int(text), UTC)
    if abs(now - signed_at) > TOLERANCE:
        raise SignatureOld
    return signed_at


def require_signature(
    endpoint: WebhookEndpoint | None, headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Check that one of the endpoint's secrets signed the body.

    Raises SignatureMissing, SignatureOld and WrongSignature. None of them tells which endpoints exist: an
    endpoint that does not exist (None) is refused like a wrong signature, and takes as long.
    """
    signed_at = require_recent(headers, now)
    keys = [random.token_bytes(secrets.KEY_BYTES)]
    if endpoint is not None:
        keys = [*readable_keys(endpoint, now)]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise WrongSignature from None
    sent = [part.encode() for part in headers["webhook-signature"].split()]
    valid = [Webhook(key).sign(headers["webhook-id"], signed_at, text).encode() for key in keys]
    matches = [hmac.compare_digest(one, other) for one in sent for other in valid]
    if endpoint is None or not any(matches):
        raise WrongSignature


def readable_keys(endpoint: WebhookEndpoint, now: datetime) -> Iterator[bytes]:
    """Yield the keys that may sign: the current one and, for a day after a rotation, the former one."""
    stored = [endpoint.secret]
    if endpoint.former_secret is not None and now < (endpoint.former_secret_until or now):
        stored.append(endpoint.former_secret)
    for secret in stored:
        try:
            yield secrets.signing_key(secrets.decrypt(secret))
        except DecryptionError:
            logger.warning("the secret of an endpoint cannot be decrypted")
