"""Sign a message: its headers prove who sent it, and that it is unchanged and recent.

`webhook-id`, `webhook-timestamp` and `webhook-signature` follow Standard Webhooks. In addition,
`x-webhook-signature` has the plain HMAC-SHA256 of the body in hex, with the current secret only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

from stores.models import WebhookEndpoint
from stores.webhooks import secrets


def signed_headers(
    message_id: str, body: bytes, keys: Sequence[bytes], now: datetime
) -> dict[str, str]:
    """Return the headers with a signature by each key, the current key first; `now` is in UTC."""
    text = body.decode()
    signatures = [Webhook(key).sign(message_id, now, text) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "x-webhook-signature": hmac.new(keys[0], body, hashlib.sha256).hexdigest(),
    }


def keys_of(endpoint: WebhookEndpoint, now: datetime) -> list[bytes]:
    """Return the keys that sign: the current one and, for a day after a rotation, the former one."""
    encrypted_secrets = [endpoint.secret]
    if endpoint.former_secret is not None and now < (endpoint.former_secret_until or now):
        encrypted_secrets.append(endpoint.former_secret)
    return [secrets.signing_key(secrets.decrypt(secret)) for secret in encrypted_secrets]
