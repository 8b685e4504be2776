"""Build the signed message that tells an endpoint of an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils import timezone

from stores.models import Event, WebhookEndpoint
from stores.webhooks.signing import keys_of, signed_headers

Render = Callable[[Event], Any]  # from an event, loaded with its store, to the body's JSON value


@dataclass(frozen=True)
class Message:
    """A signed event for one endpoint."""

    url: str
    body: bytes
    headers: dict[str, str]


def build_message(endpoint: WebhookEndpoint, event: Event, render: Render) -> Message:
    """Build the message. Its id is the event's, so that a receiver recognizes a repeated one."""
    now = timezone.now()
    body = orjson.dumps(render(event))
    signed = signed_headers(str(event.uid), body, keys_of(endpoint, now), now)
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", **signed}
    return Message(endpoint.url, body, headers)
