"""A receiver confirms an erasure by a call that its own secret signs."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from customers.models import Customer
from customers.privacy.models import Erasure, ErasureReceipt
from customers.privacy.services.erasing import erase_customer
from stores.actors import SYSTEM
from stores.models import Store, WebhookEndpoint
from stores.webhooks.endpoints import create_endpoint, rotate_secret
from tests.factories import CustomerFactory
from tests.privacy.person import Doors

Receiver = tuple[WebhookEndpoint, str]
BODY_LIMIT = 1024 * 1024


@pytest.fixture
def receiver(store: Store) -> Receiver:
    return create_endpoint(store, {"url": "https://hooks.example.com/a", "events": ["*"]})


@pytest.fixture
def customer(receiver: Receiver) -> Customer:
    customer: Customer = CustomerFactory(store=receiver[0].store)
    erase_customer(customer.as_queryset(), SYSTEM)
    return customer


def path_of(endpoint: WebhookEndpoint) -> str:
    return f"/stores/{endpoint.store.uid}/webhooks/{endpoint.uid}/receipts"


def headers_of(body: str, secret: str, when: datetime | None = None) -> dict[str, str]:
    now = when or timezone.now()
    return {
        "webhook-id": "receipt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("receipt_1", now, body),
    }


def post(path: str, body: str, headers: dict[str, str]) -> Any:
    return Client().post(path, body, content_type="application/json", headers=headers)


def confirm(receiver: Receiver, customer_uid: Any, **more: Any) -> Any:
    body = json.dumps({"customerId": str(customer_uid), **more})
    return post(path_of(receiver[0]), body, headers_of(body, receiver[1]))


def receipt() -> ErasureReceipt:
    return ErasureReceipt.objects.select_related("erasure").get(kind="endpoint")


def refused(answer: HttpResponse, status: int = 401) -> str:
    assert answer.status_code == status, answer.content
    assert receipt().confirmed_at is None
    message: str = json.loads(answer.content)["error"]["message"]
    return message


def test_signed_call_confirms_once(receiver: Receiver, customer: Customer) -> None:
    first = confirm(receiver, customer.uid, note="By the nightly job")
    assert first.status_code == 200
    item = first.json()["item"]
    assert item["customerId"] == str(customer.uid)
    again = confirm(receiver, customer.uid, note="Again")
    assert again.json() == first.json()
    row = receipt()
    assert row.note == "Signed call. By the nightly job"
    assert row.actor_name == "Receiver https://hooks.example.com/a"
    Erasure.objects.update(erased_at=timezone.now() - timedelta(days=60))
    assert receipt().overdue_days == 0


def test_notice_says_where(receiver: Receiver, customer: Customer) -> None:
    feed = Doors(customer.store).client.ok("GET", "/stores/{store}/events?after=0")["items"]
    assert "confirmAt" not in feed[0]["data"]
    path = feed[-1]["data"]["confirmAt"].replace("{webhookId}", str(receiver[0].uid))
    assert path == path_of(receiver[0])


def test_each_refusal_is_the_same_whoever_exists(receiver: Receiver, customer: Customer) -> None:
    body = json.dumps({"customerId": str(customer.uid)})
    own, stranger = receiver[0], uuid.uuid4()
    foreign = create_endpoint(own.store, {"url": "https://b.example.com/", "events": ["*"]})[1]
    paths = [
        path_of(own),
        f"/stores/{own.store.uid}/webhooks/{stranger}/receipts",
        f"/stores/{stranger}/webhooks/{own.uid}/receipts",
        "/stores/nobody/webhooks/nobody/receipts",
    ]
    ErasureReceipt.objects.exclude(recipient=str(own.uid)).delete()
    answers = {post(path, body, headers_of(body, foreign)).content for path in paths}
    assert len(answers) == 1
    message = refused(post(paths[0], body, headers_of(body, foreign)))
    assert message == "The signature is not one by the secret of this webhook."


@pytest.mark.parametrize("minutes", [-6, 6])
def test_stale_signature_is_refused(receiver: Receiver, customer: Customer, minutes: int) -> None:
    body = json.dumps({"customerId": str(customer.uid)})
    when = timezone.now() + timedelta(minutes=minutes)
    answer = post(path_of(receiver[0]), body, headers_of(body, receiver[1], when))
    assert "five minutes" in refused(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", ""),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "9" * 400),
        ("webhook-timestamp", "9" * 12),
        ("webhook-timestamp", "9" * 11),
        ("webhook-timestamp", "٣"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,ß"),
    ],
)
def test_damaged_headers_are_refused(
    receiver: Receiver, customer: Customer, name: str, value: str
) -> None:
    body = json.dumps({"customerId": str(customer.uid)})
    headers = headers_of(body, receiver[1]) | {name: value}
    refused(post(path_of(receiver[0]), body, headers))


def test_changed_body_is_refused(receiver: Receiver, customer: Customer) -> None:
    headers = headers_of(json.dumps({"customerId": str(uuid.uuid4())}), receiver[1])
    refused(post(path_of(receiver[0]), json.dumps({"customerId": str(customer.uid)}), headers))


def test_former_secret_signs_for_a_day(receiver: Receiver, customer: Customer) -> None:
    rotate_secret(receiver[0].as_queryset())
    assert confirm(receiver, customer.uid).status_code == 200


def test_secret_that_nobody_can_read_refuses(
    receiver: Receiver, customer: Customer, settings: Any
) -> None:
    settings.SECRET_KEY = "another" * 8
    settings.SECRET_KEY_FALLBACKS = []
    refused(confirm(receiver, customer.uid))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[]", 400),
        ("{", 400),
        ("{}", 400),
        ('{"customerId": 5}', 400),
        ('{"customerId": "nobody"}', 400),
        ('{"customerId": "0190c6b8-0000-7000-8000-000000000000"}', 404),
        ('{"customerId": "{uid}", "note": 5}', 400),
        ('{"customerId": "{uid}", "note": "' + "x" * 451 + '"}', 400),
    ],
)
def test_bad_bodies(receiver: Receiver, customer: Customer, body: str, status: int) -> None:
    body = body.replace("{uid}", str(customer.uid))
    refused(post(path_of(receiver[0]), body, headers_of(body, receiver[1])), status)


def test_not_told_means_not_found(receiver: Receiver, customer: Customer) -> None:
    later = create_endpoint(receiver[0].store, {"url": "https://b.example.com/", "events": ["*"]})
    refused(confirm(later, customer.uid), 404)
    live = CustomerFactory(store=receiver[0].store)
    refused(confirm(receiver, live.uid), 404)


def test_large_bodies_are_refused(receiver: Receiver, customer: Customer) -> None:
    body = json.dumps({"customerId": str(customer.uid), "note": "x" * BODY_LIMIT})
    refused(post(path_of(receiver[0]), body, headers_of(body, receiver[1])), 413)


def test_large_bodies_without_a_length_are_refused(receiver: Receiver, customer: Customer) -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size in range(1, BODY_LIMIT + 2)
            return b"x" * size

    answer = Client().generic(
        "POST",
        path_of(receiver[0]),
        HTTP_TRANSFER_ENCODING="chunked",
        CONTENT_LENGTH="",
        **{"wsgi.input": Endless()},
    )
    refused(answer, 413)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post(receiver: Receiver, customer: Customer, method: str) -> None:
    answer = Client().generic(method, path_of(receiver[0]))
    refused(answer, 405)
    assert answer["Allow"] == "POST"


def test_start_page_names_who_did_not_confirm(receiver: Receiver, customer: Customer) -> None:
    Erasure.objects.update(erased_at=timezone.now() - timedelta(days=22))
    staff = Doors(customer.store).staff
    ErasureReceipt.objects.filter(kind="key").delete()
    page = staff.get("/admin/").content.decode()
    assert "1 system did not confirm the erasure" in page
    assert "over 21 days" in page
    assert confirm(receiver, customer.uid).status_code == 200
    assert "did not confirm" not in staff.get("/admin/").content.decode()
