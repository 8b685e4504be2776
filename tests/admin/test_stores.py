"""Stores, keys, webhooks and the audit trail in the back office."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_httpserver import HTTPServer

from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import (
    ApiKey,
    Event,
    Store,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from stores.scopes import SCOPES
from stores.webhooks.endpoints import create_endpoint
from tests.admin.pages import errors_of, messages_of, open_page, save, send
from tests.factories import ApiKeyFactory, CustomerFactory, StoreFactory


def create_key(client: Client, store: Store, **fields: object):
    return save(client, open_page(client, "stores_apikey"), store=store.pk, name="Shop", **fields)


def call(text: str) -> int:
    return Client().get("/api/customers", headers={"Authorization": f"Bearer {text}"}).status_code


def test_key_is_shown_once_and_can_be_revoked(owner: Client, store) -> None:
    page = create_key(owner, store, preset="erp")
    text = page.context["text"]
    assert text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert call(text) == 200
    key = ApiKey.objects.get()
    seen = open_page(owner, "stores_apikey", key.pk)
    assert text not in seen.content.decode()
    assert key.last_used_at is not None
    asked = owner.get(reverse("admin:stores_apikey_revoke", args=[key.pk]))
    assert "It was last used on" in asked.content.decode()
    assert "revoked" in messages_of(send(owner, asked))[0]
    key.refresh_from_db()
    assert key.revoked_at is not None


@pytest.mark.parametrize(
    ("preset", "may", "may_not"),
    [
        ("read", "customers.get", "customers:write"),
        ("lookup", "customers.get", "customers.accounts.read"),
        ("orders", "orders:write", "customers:write"),
        ("messages", "webhooks:write", "customers:read"),
        ("till", "customers.accounts.write", "admin.write"),
        ("pos", "admin.restore", "orders:write"),
        ("shop", "orders:write", "credit:write"),
        ("erp", "credit:write", "customers.write"),
        ("all", "admin.restore", None),
    ],
)
def test_preset_grants_its_scopes(owner: Client, store, preset, may, may_not) -> None:
    create_key(owner, store, preset=preset)
    scopes = ApiKey.objects.get().scopes
    assert may in scopes
    assert may_not not in scopes
    assert set(scopes) <= set(SCOPES)


def test_keys_of_a_store_have_names_of_their_own(owner: Client, sign_in, store) -> None:
    create_key(owner, store)
    page = save(owner, open_page(owner, "stores_apikey"), store=store.pk, name="SHOP")
    assert "Another key of this store has this name." in page.content.decode()
    assert ApiKey.objects.count() == 1
    other = StoreFactory()
    save(owner, open_page(owner, "stores_apikey"), store=other.pk, name="Shop")
    ApiKey.objects.get(store=store).revoke()
    create_key(owner, store)
    assert ApiKey.objects.filter(name="Shop").count() == 3


def test_ticked_scopes_are_added_to_the_preset(owner: Client, store) -> None:
    page = open_page(owner, "stores_apikey").content.decode()
    assert all(words in page for words in SCOPES.values())
    create_key(owner, store, preset="own", scopes=["orders:read"])
    assert ApiKey.objects.get().scopes == ["orders:read"]


def test_names_with_line_breaks_are_refused(owner: Client, store: Store) -> None:
    page = save(owner, open_page(owner, "stores_apikey"), store=store.pk, name="A\nB")
    assert "in one line" in errors_of(page)
    page = save(owner, open_page(owner, "stores_store", store.pk), name="A\x07B")
    assert "in one line" in errors_of(page)


def test_key_without_scopes_or_expired_is_refused(owner: Client, store) -> None:
    assert "tick a scope" in create_key(owner, store, preset="own").content.decode()
    past = {"expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
    assert "in the past" in create_key(owner, store, preset="all", **past).content.decode()
    assert not ApiKey.objects.exists()


def test_new_endpoint_shows_its_secret_once(owner: Client, store) -> None:
    page = save(
        owner,
        open_page(owner, "stores_webhookendpoint"),
        store=store.pk,
        url="https://hooks.example.com/in",
        events=["customer.*"],
    )
    assert page.context["text"].startswith("whsec_")
    endpoint = WebhookEndpoint.objects.get()
    again = open_page(owner, "stores_webhookendpoint", endpoint.pk).content.decode()
    assert page.context["text"] not in again
    url = reverse("admin:stores_webhookendpoint_rotate", args=[endpoint.pk])
    assert send(owner, owner.get(url)).context["text"] != page.context["text"]


def history(client: Client, row: Model) -> str:
    """Return the text of a row's history page."""
    name = f"admin:{row._meta.label_lower.replace('.', '_')}_history"
    return client.get(reverse(name, args=[row.pk])).content.decode()


def test_history_shows_who_revoked_a_key(owner: Client, sign_in, store) -> None:
    key = ApiKeyFactory(store=store)
    boss = sign_in("Administrator", store, name="boss")
    send(boss, boss.get(reverse("admin:stores_apikey_revoke", args=[key.pk])))
    history_text = history(owner, key)
    assert "The key is revoked" in history_text
    assert "boss" in history_text


def test_history_shows_secret_rotation_and_redelivery(
    owner: Client, sign_in, store, endpoint
) -> None:
    CustomerFactory(store=store)
    boss = sign_in("Administrator", store, name="boss")
    send(boss, boss.get(reverse("admin:stores_webhookendpoint_rotate", args=[endpoint.pk])))
    url = reverse("admin:stores_webhookendpoint_redeliver", args=[endpoint.pk])
    send(boss, boss.get(url))
    history_text = history(owner, endpoint)
    assert "New signing secret." in history_text
    assert "1 message will be sent now." in history_text
    assert history_text.count("boss") == 2
    delivery = WebhookDelivery.objects.get()
    data = {"action": "send_again", "_selected_action": [delivery.pk], "index": 0}
    boss.post(reverse("admin:stores_webhookdelivery_changelist"), data)
    assert "Sent again." in history(owner, delivery)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.example.com/in", "Enter an address that begins with https://."),
        ("https://localhost/in", "Enter a host on the public internet."),
        ("https://me:pass@hooks.example.com/in", "Leave out user name and password"),
        ("https://hooks.example.com:8443/in", "Only port 443 is allowed."),
        ("ftp://hooks.example.com/in", "Enter an address that webhooks can be sent to."),
    ],
)
def test_forbidden_webhook_url_is_refused(owner: Client, store, url: str, reason: str) -> None:
    page = open_page(owner, "stores_webhookendpoint")
    page = save(owner, page, store=store.pk, url=url, events=["*"])
    assert reason in errors_of(page)
    assert not WebhookEndpoint.objects.exists()


@pytest.fixture
def endpoint(store: Store) -> WebhookEndpoint:
    fields = {"url": "https://hooks.example.com/in", "events": ["*"]}
    return create_endpoint(store, fields)[0]


def test_changes_by_staff_are_sent_to_webhooks(owner: Client, store, endpoint) -> None:
    customer = CustomerFactory(store=store)
    save(owner, open_page(owner, "customers_customer", customer.pk), notes="x")
    types = WebhookDelivery.objects.order_by("id").values_list("event__type", flat=True)
    assert list(types) == ["customer.created", "customer.updated"]


def test_endpoint_is_disabled_and_deleted(owner: Client, endpoint) -> None:
    save(owner, open_page(owner, "stores_webhookendpoint", endpoint.pk), is_active=None)
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    url = reverse("admin:stores_webhookendpoint_delete", args=[endpoint.pk])
    owner.post(url, {"post": "yes"})
    assert not WebhookEndpoint.objects.exists()


def test_failing_endpoints_are_filtered(owner: Client, endpoint) -> None:
    url = reverse("admin:stores_webhookendpoint_changelist")
    assert not owner.get(url, {"failing": "yes"}).context["cl"].result_list
    WebhookEndpoint.objects.update(disabled_reason="gone")
    assert list(owner.get(url, {"failing": "yes"}).context["cl"].result_list) == [endpoint]


def test_delivery_is_sent_again(owner: Client, store, endpoint) -> None:
    CustomerFactory(store=store)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(status="failed", next_attempt_at=None)
    url = reverse("admin:stores_webhookdelivery_changelist")
    page = owner.post(
        url, {"action": "send_again", "_selected_action": [delivery.pk], "index": 0}, follow=True
    )
    assert messages_of(page) == ["1 message will be sent now."]
    delivery.refresh_from_db()
    assert delivery.status == "pending"


@pytest.mark.parametrize("group", [None, "Manager", "Administrator"])
def test_delivery_page_lists_its_attempts(sign_in, store, endpoint, group) -> None:
    CustomerFactory(store=store)
    delivery = WebhookDelivery.objects.get()
    for status in (500, 503):
        WebhookAttempt.objects.create(
            store=store, delivery=delivery, status_code=status, error="", duration_ms=12
        )
    stores = [store] if group else []
    page = open_page(sign_in(group, *stores), "stores_webhookdelivery", delivery.pk)
    assert page.status_code == 200
    answers = [words for _, words in page.context["attempts"]]
    assert answers == ["500 Internal Server Error", "503 Service Unavailable"]


def test_events_of_a_period_are_sent_again(owner: Client, store, endpoint) -> None:
    CustomerFactory(store=store)
    CustomerFactory(store=store)
    Event.objects.filter(pk=Event.objects.latest("id").pk).update(
        created_at=datetime(2024, 5, 1, tzinfo=UTC)
    )
    WebhookDelivery.objects.update(status="delivered", next_attempt_at=None)
    url = reverse("admin:stores_webhookendpoint_redeliver", args=[endpoint.pk])
    page = owner.get(url)
    assert b"Events from" in page.content
    times = {"after_0": "2024-04-30", "after_1": "00:00", "before_0": "2024-05-03"}
    page = send(owner, page, **times, before_1="00:00")
    assert messages_of(page) == ["1 message will be sent now."]
    assert WebhookDelivery.objects.get(status="pending").event.created_at.year == 2024


def test_missed_events_are_sent(owner: Client, store, endpoint) -> None:
    save(owner, open_page(owner, "stores_webhookendpoint", endpoint.pk), is_active=None)
    CustomerFactory(store=store)
    page = owner.get(reverse("admin:stores_webhookendpoint_redeliver", args=[endpoint.pk]))
    assert messages_of(send(owner, page)) == ["1 message will be sent now."]
    assert WebhookDelivery.objects.get().event == Event.objects.get()


def test_delivery_shows_the_body_that_was_sent(owner: Client, store, endpoint) -> None:
    customer = CustomerFactory(store=store)
    page = open_page(owner, "stores_webhookdelivery", WebhookDelivery.objects.get().pk)
    text = unescape(page.content.decode())
    assert f'"id": "{customer.uid}"' in text
    assert '"type": "customer.created"' in text


def test_delivery_says_to_whom_about_whom_and_is_sent_again(owner: Client, store, endpoint) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(status="failed", attempt_count=12, next_attempt_at=None)
    page = owner.get(reverse("admin:stores_webhookdelivery_change", args=[delivery.pk]))
    text = page.content.decode()
    assert "Given up after 12 attempts. Nothing is lost: it can be sent again." in text
    assert reverse("admin:customers_customer_change", args=[customer.pk]) in text
    assert endpoint.url in text
    url = reverse("admin:stores_webhookdelivery_send", args=[delivery.pk])
    assert owner.get(url).status_code == 405
    assert messages_of(owner.post(url, follow=True)) == ["1 message will be sent now."]
    page = owner.get(reverse("admin:stores_webhookdelivery_change", args=[delivery.pk]))
    assert "Not arrived yet, after 12 attempts. It is tried again on" in page.content.decode()


def test_only_who_may_send_has_the_button(sign_in, store, endpoint) -> None:
    CustomerFactory(store=store)
    delivery = WebhookDelivery.objects.get()
    manager = sign_in("Manager", store)
    page = manager.get(reverse("admin:stores_webhookdelivery_change", args=[delivery.pk]))
    assert "Send again" not in page.content.decode()
    url = reverse("admin:stores_webhookdelivery_send", args=[delivery.pk])
    assert manager.post(url).status_code == 403


def test_deliveries_are_filtered_by_event(owner: Client, store, endpoint) -> None:
    customer = CustomerFactory(store=store)
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Another"})
    url = reverse("admin:stores_webhookdelivery_changelist")
    for name in ("customer.created", "customer.updated"):
        rows = owner.get(url, {"event": name}).context["cl"].result_list
        assert [row.event.type for row in rows] == [name]


def test_button_sends_a_test_event(owner: Client, store, settings) -> None:
    with HTTPServer(host="127.0.0.1", port=0) as receiver:
        settings.WEBHOOK_ALLOW_TARGETS = [f"127.0.0.1:{receiver.port}"]
        fields = {"url": f"http://127.0.0.1:{receiver.port}/hook", "events": ["*"]}
        endpoint = create_endpoint(store, fields)[0]
        url = reverse("admin:stores_webhookendpoint_test", args=[endpoint.pk])
        assert url in open_page(owner, "stores_webhookendpoint", endpoint.pk).content.decode()
        receiver.expect_ordered_request("/hook").respond_with_data("")
        page = send(owner, owner.get(url))
        assert messages_of(page) == ["The test event arrived. The receiver answered 200."]
        receiver.clear()
        page = send(owner, owner.get(url))
        assert messages_of(page) == ["The test event did not arrive: answered 500."]


def test_test_event_needs_the_permission(sign_in, store, endpoint) -> None:
    url = reverse("admin:stores_webhookendpoint_test", args=[endpoint.pk])
    client = sign_in("Manager", store)
    assert client.post(url, {"button": "send"}).status_code == 403


def test_audit_trail_is_read_only(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    update_customer(Customer.objects.filter(pk=customer.pk), SYSTEM, {"notes": "Rings twice"})
    event = Event.objects.latest("id")
    assert "Rings twice" in open_page(owner, "stores_event", event.pk).content.decode()
    for words in (str(customer.uid), f"cust_{customer.uid.hex}"):
        listed = owner.get(reverse("admin:stores_event_changelist"), {"q": words})
        assert len(listed.context["cl"].result_list) == 2
    url = reverse("admin:stores_event_change", args=[event.pk])
    assert owner.post(url, {"type": "x"}).status_code == 403
    assert owner.post(reverse("admin:stores_event_delete", args=[event.pk])).status_code == 403
    assert owner.get(reverse("admin:stores_event_add")).status_code == 403


def test_store_keeps_depots_and_staff_and_stays(owner: Client, store) -> None:
    page = open_page(owner, "stores_store", store.pk)
    save(owner, page, name="Harbour Bread")
    store.refresh_from_db()
    assert store.name == "Harbour Bread"
    assert owner.post(reverse("admin:stores_store_delete", args=[store.pk])).status_code == 403
