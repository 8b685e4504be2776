"""Create, update and delete endpoints."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from stores.errors import Invalid, NotFound
from stores.models import Store, WebhookDelivery, WebhookEndpoint
from stores.models.event_types import SUBSCRIPTIONS
from stores.webhooks import endpoints
from stores.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)
from tests.waiting import HOLD_STORES
from tests.webhooks.conftest import other_transaction

FIELDS = {"url": "https://hooks.example.com/", "events": ["*"]}


def only(endpoint: WebhookEndpoint) -> Any:
    return WebhookEndpoint.objects.for_store(endpoint.store).filter(uid=endpoint.uid)


def test_new_endpoint_is_active_and_has_a_secret(store: Store) -> None:
    endpoint, secret = create_endpoint(store, FIELDS)
    assert endpoint.is_active
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(only(endpoint).get().secret)


def test_client_may_set_the_secret(store: Store) -> None:
    _, secret = create_endpoint(store, {**FIELDS, "secret": "s" * 16})
    assert secret == "s" * 16


def test_events_are_stored_once_in_order(store: Store) -> None:
    events = ["order.*", "customer.created", "order.*"]
    endpoint, _ = create_endpoint(store, {**FIELDS, "events": events})
    assert endpoint.events == ["order.*", "customer.created"]


@pytest.mark.parametrize(
    "events", [None, [], "*", ["*"] * 21, ["customer.lost"], [1], [["*"]], {"*": 1}]
)
def test_unknown_or_invalid_events_are_refused(store: Store, events: object) -> None:
    with pytest.raises(Invalid) as refusal:
        create_endpoint(store, {**FIELDS, "events": events})
    assert refusal.value.field == "events"
    assert not WebhookEndpoint.objects.exists()


def test_every_documented_subscription_is_accepted(store: Store) -> None:
    assert SUBSCRIPTIONS == (
        "customer.created",
        "customer.updated",
        "customer.deleted",
        "order.created",
        "order.updated",
        "customer.*",
        "order.*",
        "*",
    )
    endpoint, _ = create_endpoint(store, {**FIELDS, "events": list(SUBSCRIPTIONS)})
    assert tuple(endpoint.events) == SUBSCRIPTIONS


@pytest.mark.parametrize("missing", ["url", "events"])
def test_url_and_events_are_required(store: Store, missing: str) -> None:
    with pytest.raises(Invalid) as refusal:
        create_endpoint(store, {name: FIELDS[name] for name in FIELDS if name != missing})
    assert refusal.value.field == missing


def test_store_has_at_most_a_hundred_endpoints(store: Store, other_store: Store) -> None:
    for _ in range(100):
        create_endpoint(store, FIELDS)
    with pytest.raises(Invalid) as refusal:
        create_endpoint(store, FIELDS)
    assert (refusal.value.code, refusal.value.data) == ("too_many_webhooks", {"most": 100})
    create_endpoint(other_store, FIELDS)


def test_update_changes_only_the_fields_sent(store: Store) -> None:
    endpoint, _ = create_endpoint(store, {**FIELDS, "description": "Shop"})
    changed = update_endpoint(only(endpoint), {"events": ["order.*"]})
    assert (changed.url, changed.description) == (FIELDS["url"], "Shop")
    assert only(endpoint).get().events == ["order.*"]
    assert bytes(only(endpoint).get().secret) == endpoint.secret


def test_refused_update_changes_nothing(store: Store) -> None:
    endpoint, _ = create_endpoint(store, FIELDS)
    with pytest.raises(Invalid):
        update_endpoint(only(endpoint), {"events": ["order.*"], "url": "https://127.0.0.1/"})
    assert only(endpoint).get().events == ["*"]


def test_disabling_cancels_pending_deliveries(store: Store, make_event: Any) -> None:
    endpoint, _ = create_endpoint(store, FIELDS)
    make_event()
    update_endpoint(only(endpoint), {"is_active": False})
    make_event()
    assert [one.status for one in endpoint.deliveries.all()] == ["cancelled"]


@pytest.mark.postgres
@pytest.mark.parametrize("ending", ["off", "deleted"])
def test_cancelling_does_not_lock_the_store(
    short_lock_timeout: None, store: Store, make_event: Any, ending: str
) -> None:
    """There may be a million deliveries; no other write of the store waits for them."""
    endpoint, _ = create_endpoint(store, FIELDS)
    make_event()
    make_event()

    def end() -> None:
        if ending == "off":
            update_endpoint(only(endpoint), {"is_active": False})
        else:
            delete_endpoint(only(endpoint))

    with (
        other_transaction(HOLD_STORES),
        pytest.raises(OperationalError),
    ):
        end()
    assert not WebhookDelivery.objects.pending().exists()
    assert only(endpoint).get().is_active

    make_event()
    end()
    assert not WebhookDelivery.objects.pending().exists()
    assert not only(endpoint).filter(is_active=True).exists()


@pytest.mark.parametrize("fields", [{"url": "http://insecure.example.com/"}, {"events": []}])
def test_refused_update_cancels_nothing(store: Store, make_event: Any, fields: Any) -> None:
    endpoint, _ = create_endpoint(store, FIELDS)
    make_event()
    with pytest.raises(Invalid):
        update_endpoint(only(endpoint), {"is_active": False, **fields})
    assert WebhookDelivery.objects.pending().count() == 1


def test_deliveries_are_cancelled_in_batches(
    store: Store, make_event: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(endpoints, "BATCH_SIZE", 2)
    endpoint, _ = create_endpoint(store, FIELDS)
    for _ in range(5):
        make_event()
    update_endpoint(only(endpoint), {"is_active": False})
    assert endpoint.deliveries.filter(status="cancelled", next_attempt_at=None).count() == 5
    delete_endpoint(only(endpoint))
    assert not WebhookDelivery.objects.exists()


def test_enabling_resets_past_failures(store: Store) -> None:
    endpoint, _ = create_endpoint(store, {**FIELDS, "is_active": False})
    only(endpoint).update(
        failure_count=9, failing_since=timezone.now(), disabled_reason="Gone for long."
    )
    changed = update_endpoint(only(endpoint), {"is_active": True})
    assert (changed.failure_count, changed.failing_since, changed.disabled_reason) == (0, None, "")


def test_deliveries_are_deleted_with_their_endpoint(store: Store, make_event: Any) -> None:
    endpoint, _ = create_endpoint(store, FIELDS)
    event = make_event()
    delete_endpoint(only(endpoint))
    assert not WebhookDelivery.objects.exists()
    event.refresh_from_db()


def test_rotation_keeps_the_old_secret_for_a_day(store: Store) -> None:
    endpoint, secret = create_endpoint(store, FIELDS)
    rotated, new = rotate_secret(only(endpoint))
    assert new != secret
    assert bytes(rotated.former_secret) == endpoint.secret
    time_left = rotated.former_secret_until - timezone.now()
    assert 23.9 < time_left.total_seconds() / 3600 <= 24


@pytest.mark.parametrize(
    "service", [delete_endpoint, rotate_secret, lambda target: update_endpoint(target, {})]
)
def test_endpoint_of_another_store_is_not_found(
    store: Store, other_store: Store, service: Any
) -> None:
    endpoint, _ = create_endpoint(store, FIELDS)
    with pytest.raises(NotFound):
        service(WebhookEndpoint.objects.for_store(other_store).filter(uid=endpoint.uid))


@pytest.mark.parametrize(
    ("events", "type_", "is_wanted"),
    [
        (["customer.created"], "customer.created", True),
        (["customer.created"], "customer.updated", False),
        (["customer.*"], "customer.restored", True),
        (["customer.*"], "order.created", False),
        (["*"], "order.updated", True),
    ],
)
def test_event_goes_to_subscribed_endpoints(
    store: Store,
    other_store: Store,
    make_event: Any,
    events: list[str],
    type_: str,
    is_wanted: bool,
) -> None:
    endpoint, _ = create_endpoint(store, {**FIELDS, "events": events})
    create_endpoint(other_store, FIELDS)
    make_event(type_)
    assert [one.endpoint for one in WebhookDelivery.objects.all()] == [endpoint] * is_wanted
