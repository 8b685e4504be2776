"""The command `verify_outbox` accepts a consistent outbox and reports each defect."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Response

from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint
from stores.webhooks.worker import Worker
from tests.factories import CustomerFactory

Make = Callable[..., Any]


def findings() -> list[str]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_outbox", stdout=out)
    assert ended.value.code == 1
    return out.getvalue().splitlines()


@pytest.fixture
def book(store: Store, receiver: HTTPServer, endpoint_at: Make, worker: Worker) -> Customer:
    """Create a customer of two versions: one delivered, one failed for good."""
    answers = iter([200])
    receiver.expect_request("/hook").respond_with_handler(
        lambda _: Response(status=next(answers, 500))
    )
    endpoint_at(receiver.port)
    customer = CustomerFactory(store=store)
    worker.drain()
    target = Customer.objects.for_store(store).filter(pk=customer.pk)
    update_customer(target, SYSTEM, {"name": "Another"})
    worker.drain()
    return customer


def test_consistent_outbox_passes(book: Customer) -> None:
    out = io.StringIO()
    call_command("verify_outbox", stdout=out)
    assert "Every change has its event" in out.getvalue()
    statuses = WebhookDelivery.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["delivered", "failed"]


def test_later_batches_are_checked(
    book: Customer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.database.batches.BATCH_SIZE", 1)
    late = CustomerFactory(store=store)
    WebhookDelivery.objects.filter(event__customer_uid=late.uid).delete()
    Event.objects.filter(customer_uid=late.uid).update(version=2)
    last = WebhookDelivery.objects.latest("pk")
    WebhookDelivery.objects.filter(pk=last.pk).update(status="delivered")
    report = "\n".join(findings())
    for wrong in (
        f"customer {late.uid}: 1 events for the versions 2 to 2",
        f"customer {late.uid}: last event has version 2, the customer has version 1",
        f"event {Event.objects.get(customer_uid=late.uid).uid}: no delivery",
        f"delivery {last.uid}: impossible",
    ):
        assert wrong in report


def test_missing_version_is_reported(book: Customer) -> None:
    Event.objects.filter(version=2).update(version=3)
    gap, behind = sorted(findings(), key=lambda line: "last event" in line)
    assert "2 events for the versions 1 to 3" in gap
    assert "last event has version 3, the customer has version 2" in behind


def test_change_without_an_event_is_reported(book: Customer) -> None:
    Customer.objects.filter(pk=book.pk).update(version=3)
    assert findings() == [
        f"customer {book.uid}: last event has version 2, the customer has version 3"
    ]


def test_customer_without_events_is_reported(book: Customer) -> None:
    WebhookDelivery.objects.all().delete()
    WebhookEndpoint.objects.all().delete()
    Event.objects.all().delete()
    assert findings() == [
        f"customer {book.uid}: last event has version None, the customer has version 2"
    ]


def test_event_without_its_delivery_is_reported(book: Customer) -> None:
    lost = WebhookDelivery.objects.earliest("pk")
    lost.delete()
    [finding] = findings()
    assert str(lost.event.uid) in finding


@pytest.mark.parametrize(
    "wish",
    [
        {"events": ["order.*"]},
        {"is_active": False},
        {"updated_at": timezone.now() + timedelta(hours=1)},
    ],
)
def test_event_not_subscribed_needs_no_delivery(book: Customer, wish: dict[str, Any]) -> None:
    WebhookDelivery.objects.all().delete()
    WebhookEndpoint.objects.update(**wish)
    call_command("verify_outbox", stdout=io.StringIO())


@pytest.mark.parametrize(
    "state",
    [
        {"status": "pending", "next_attempt_at": None},
        {"status": "delivered", "next_attempt_at": None},
    ],
)
def test_delivery_in_impossible_state_is_reported(book: Customer, state: dict[str, Any]) -> None:
    failed = WebhookDelivery.objects.get(status="failed")
    WebhookDelivery.objects.filter(pk=failed.pk).update(**state)
    assert findings() == [f"delivery {failed.uid}: impossible while {state['status']}"]
