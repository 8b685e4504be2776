"""Send a test event to an endpoint at once, so that its owner sees what happens."""

from __future__ import annotations

import time

from django.utils import timezone

from stores.counters import count_in_window
from stores.errors import Conflict
from stores.models import Event, WebhookEndpoint
from stores.models.event_types import TEST_EVENT
from stores.webhooks.messages import Render, build_message
from stores.webhooks.sending import Outcome, send

# Each test occupies a thread of the server, so a store may send few, and none waits for long.
MAX_TESTS, PERIOD = 10, 60  # in so many seconds
SECONDS = 5.0
TEXT = "This is a test. Nothing has changed."


def send_test(endpoint: WebhookEndpoint, render: Render) -> Outcome:
    """Send an event `webhook.test` and return the result after five seconds at most.

    Nothing is stored, and nothing is retried. An endpoint that is switched off gets it, too. Raises
    Conflict `too_many_tests` (with `most`).
    """
    name, window = f"tests:{endpoint.store_id}", int(time.time() // PERIOD)
    if (count_in_window(name, window, PERIOD, MAX_TESTS) or 0) > MAX_TESTS:
        raise Conflict("too_many_tests", most=MAX_TESTS)
    now = timezone.now()
    event = Event(store=endpoint.store, type=TEST_EVENT, snapshot={"message": TEXT}, created_at=now)
    return send(build_message(endpoint, event, render), SECONDS)
