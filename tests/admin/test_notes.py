"""Notes about customers and orders, with author and time, and the reminders in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tasks.models import Note
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of, send
from tests.factories import CustomerFactory, OrderFactory, StoreFactory

CUSTOMER = "admin:customers_customer_change"


def note_page(client: Client, customer: Customer, **query: Any) -> Any:
    return client.get(reverse("admin:customers_customer_note", args=[customer.pk]), query)


def day(store: Store, ahead: int = 0) -> str:
    return (timezone.localdate(timezone=store.tzinfo) + timedelta(days=ahead)).isoformat()


def test_a_note_stands_in_the_timeline_with_its_author(
    sign_in: SignIn, store: Store, customer: Customer
) -> None:
    clerk = sign_in("Clerk", store, first_name="Ella", last_name="Marsh")
    page = send(clerk, note_page(clerk, customer), text="Rings <twice>.")
    assert messages_of(page) == ["Noted."]
    for path in (reverse(CUSTOMER, args=[customer.pk]), page.request["PATH_INFO"]):
        text = clerk.get(path).content.decode()
        assert "Rings &lt;twice&gt;." in text
        assert "<strong>Note</strong> by Ella Marsh" in text
    history = reverse("admin:customers_customer_history", args=[customer.pk])
    assert "Rings &lt;twice&gt;." in clerk.get(history).content.decode()


def test_the_short_form_of_the_page_writes_a_note_once(
    owner: Client, store: Store, customer: Customer
) -> None:
    page = owner.get(reverse(CUSTOMER, args=[customer.pk]))
    data = {"once": page.context["once"], "text": "Pays cash."}
    url = reverse("admin:customers_customer_note", args=[customer.pk])
    owner.post(url, data), owner.post(url, data)
    assert [note.text for note in Note.objects.filter(store=store)] == ["Pays cash."]


def test_a_note_about_an_order_returns_to_it(
    owner: Client, store: Store, customer: Customer
) -> None:
    order = OrderFactory(customer=customer)
    page = send(owner, note_page(owner, customer, order=order.pk), text="Leave at the lane.")
    assert page.request["PATH_INFO"] == reverse("admin:orders_order_change", args=[order.pk])
    assert (
        f"Note about {order}" in owner.get(reverse(CUSTOMER, args=[customer.pk])).content.decode()
    )


def test_an_order_of_somebody_else_is_not_found(
    owner: Client, store: Store, customer: Customer
) -> None:
    stranger = OrderFactory(customer=CustomerFactory(store=store))
    assert note_page(owner, customer, order=stranger.pk).status_code == 404
    assert note_page(owner, customer, order="x").status_code == 404


def test_a_reminder_appears_on_its_day_and_is_done(
    sign_in: SignIn, store: Store, customer: Customer
) -> None:
    manager, clerk = sign_in("Manager", store), sign_in("Clerk", store, first_name="Ella")
    ella = User.objects.get(username="clerk")
    form = {"text": "Call about ovens.", "person": ella.pk}
    page = send(manager, note_page(manager, customer), **form, remind_on=day(store, 2))
    assert messages_of(page) == ["Noted. Ella is reminded."]
    assert clerk.get("/admin/").context["reminders"] == []
    Note.objects.filter(store=store).update(remind_on=day(store))
    [note] = clerk.get("/admin/").context["reminders"]
    assert b"Call about ovens." in clerk.get("/admin/").content
    assert manager.get("/admin/").context["reminders"] == []
    url = reverse("admin:customers_customer_reminded", args=[customer.pk])
    done = clerk.post(url, {"note": note.pk, "page": "today"}, follow=True)
    assert messages_of(done) == ["The reminder is done."]
    assert done.context["reminders"] == []
    again = clerk.post(url, {"note": note.pk}, follow=True)
    assert messages_of(again)[0].startswith("Somebody else changed it")
    assert "done by Ella" in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "  "}, "This field is required."),
        ({"text": "a", "remind_on": "2999-01-01"}, "Choose whom to remind."),
        ({"text": "a", "person": "me"}, "Choose a day."),
        ({"text": "a", "person": "me", "remind_on": "2020-01-01"}, "Enter today or a later day."),
        ({"text": "a", "person": "me", "remind_on": "soon"}, "Write the day like"),
        ({"text": "a", "person": "stranger", "remind_on": "2999-01-01"}, "Select a valid choice."),
    ],
)
def test_a_wrong_note_says_what_is_wrong(
    sign_in: SignIn, store: Store, customer: Customer, changes: dict[str, str], words: str
) -> None:
    clerk = sign_in("Clerk", store)
    sign_in("Clerk", StoreFactory(), name="stranger")
    people = {"me": "clerk", "stranger": "stranger"}
    if name := people.get(changes.get("person", "")):
        changes = {**changes, "person": str(User.objects.get(username=name).pk)}
    page = send(clerk, note_page(clerk, customer), **changes)
    assert words in page.content.decode()
    assert not Note.objects.exists()


def test_viewers_read_notes_and_write_none(
    sign_in: SignIn, store: Store, customer: Customer
) -> None:
    owner, viewer = sign_in(), sign_in("Viewer", store)
    send(owner, note_page(owner, customer), text="Rings twice.")
    page = viewer.get(reverse(CUSTOMER, args=[customer.pk])).content.decode()
    assert "Rings twice." in page
    assert "Add the note" not in page
    assert note_page(viewer, customer).status_code == 403
    elsewhere = sign_in("Clerk", StoreFactory(), name="elsewhere")
    assert note_page(elsewhere, customer).status_code == 404
