"""After an erasure no door shows anything of the person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageEncoder
from django.test import Client
from django.urls import reverse
from django.utils.html import format_html

from customers.dialects.storefront.webhooks.representations import body_of
from customers.imports.models import Action, ImportJob, ImportRow
from customers.models import Customer
from customers.privacy.services.erasing import erase_customer
from stores.actors import SYSTEM
from stores.models import Event, IdempotentRequest, Store
from tests.factories import CustomerFactory
from tests.privacy.person import NEEDLES, Doors
from tests.privacy.scan import has_needle

ADMIN_LISTS = (
    "admin:customers_customer_changelist",
    "admin:customers_deletedcustomer_changelist",
    "admin:customers_ledgerentry_changelist",
    "admin:orders_order_changelist",
    "admin:orders_creditcheck_changelist",
    "admin:stores_event_changelist",
    "admin:index",
)


@pytest.fixture
def erased(person: Customer) -> Customer:
    erase_customer(person.as_queryset(), SYSTEM)
    return person


def feed(doors: Doors) -> list[dict[str, Any]]:
    return doors.client.ok("GET", "/stores/{store}/events?limit=200")["items"]


def test_feed_tells_the_id_and_that_it_was_erased(erased: Customer, doors: Doors) -> None:
    events = feed(doors)
    assert not has_needle(json.dumps(events), NEEDLES)
    last = events[-1]
    assert last["type"] == "customer.deleted"
    assert "{webhookId}" in last["data"].pop("confirmAt")
    assert last["data"] == {"id": str(erased.uid), "erased": True, "version": last["version"]}


def test_feed_rebuilds_the_book_without_the_person(erased: Customer, doors: Doors) -> None:
    book: dict[str, Any] = {}
    for event in feed(doors):
        if event["type"].startswith("customer."):
            book[event["data"]["id"]] = event["data"]
        if event["type"] == "customer.deleted":
            del book[event["data"]["id"]]
    assert book == {}


def test_old_events_are_redelivered_without_the_person(erased: Customer) -> None:
    bodies = [body_of(event) for event in Event.objects.select_related("store")]
    assert not has_needle(json.dumps(bodies, default=str), NEEDLES)
    orders = [body["data"] for body in bodies if body["type"].startswith("order.")]
    assert {order["orderNumber"] for order in orders if "orderNumber" in order} <= {"SO-2026-001"}
    assert all(order["total"] == "20.00" for order in orders)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/stores/{store}/customers/{uid}", "GET"),
        ("/customers/{uid}", "GET"),
        ("/customers/{uid}/restore", "PUT"),
        ("/api/v1/customers/cust_{hex}", "GET"),
        ("/api/customers/cust_{hex}", "GET"),
        ("/api/admin/customers/{pk}", "GET"),
    ],
)
def test_dialects_do_not_find_the_customer(
    erased: Customer, doors: Doors, path: str, method: str
) -> None:
    ids = {"{uid}": str(erased.uid), "{hex}": erased.uid.hex, "{pk}": str(erased.pk)}
    for name, value in ids.items():
        path = path.replace(name, value)
    assert doors.client.call(method, path).status_code == 404


def test_order_history_stays_readable(erased: Customer, doors: Doors) -> None:
    orders = doors.client.ok("GET", "/stores/{store}/orders")["items"]
    assert [order["total"] for order in orders] == ["20.00"]
    assert not has_needle(json.dumps(orders), NEEDLES)


def test_pages_of_the_back_office_show_nothing(erased: Customer, doors: Doors) -> None:
    order = erased.orders.get()
    event = Event.objects.earliest("pk")
    urls = [reverse(name) for name in ADMIN_LISTS]
    urls.append(reverse("admin:orders_order_change", args=[order.pk]))
    urls.append(reverse("admin:stores_event_change", args=[event.pk]))
    for url in urls:
        page = doors.staff.get(url)
        assert page.status_code == 200, url
        assert not has_needle(page.content, NEEDLES), url
    for name in ADMIN_LISTS[:5]:
        page = doors.staff.get(reverse(name), {"q": "zebrabaum"})
        assert page.context["cl"].result_count == 0


def test_exports_of_the_back_office_have_no_row(erased: Customer, doors: Doors) -> None:
    data = {"action": "export_csv", "_selected_action": [str(erased.pk)]}
    answer = doors.staff.post(reverse("admin:customers_customer_changelist"), data, follow=True)
    content = b"".join(answer) if answer.streaming else answer.content
    assert not has_needle(content, NEEDLES)


def test_answers_about_others_are_still_kept(person: Customer, doors: Doors) -> None:
    other = doors.post("/stores/{store}/customers", {"email": "other@example.com"})
    erase_customer(person.as_queryset(), SYSTEM)
    assert IdempotentRequest.objects.count() == 1
    assert doors.client.ok("GET", f"/stores/{{store}}/customers/{other['item']['id']}")


def test_a_waiting_message_is_dropped(person: Customer, doors: Doors, client: Client) -> None:
    session = doors.staff.session
    session["_messages"] = '[["__json_message",0,25,"Zebrabaum shop was changed."]]'
    session["theme"] = "dark"
    session.save()
    erase_customer(person.as_queryset(), SYSTEM)
    assert "_messages" not in doors.staff.session
    assert doors.staff.session["theme"] == "dark"


def test_a_name_is_found_in_whatever_form_it_is_stored(store: Store) -> None:
    name = 'Zoë "Zo" O\'Brien'
    customer = CustomerFactory(store=store, name=name)
    job = ImportJob.objects.create(store=store, name="people.csv", actor_name="Mia")
    row = {"store": store, "job": job, "action": Action.ERROR}
    ImportRow.objects.create(**row, line=2, payload={"name": name})
    ImportRow.objects.create(**row, line=3, payload={"name": "Somebody Else"})
    staff = Doors(store).staff
    session, text = staff.session, format_html("“{}” was changed.", name)
    session["_messages"] = MessageEncoder().encode([Message(25, text)])
    session.save()
    erase_customer(customer.as_queryset(), SYSTEM)
    assert "_messages" not in staff.session
    assert [row.line for row in ImportRow.objects.all()] == [3]
