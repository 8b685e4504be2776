"""Activity: events in words, by person, day and kind; what one person changed on one day is one link away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM, Actor
from stores.models import Event, Store
from tests.admin.conftest import SignIn
from tests.factories import CustomerFactory, OrderFactory, StoreFactory

LIST = reverse("admin:stores_event_changelist")
NOON = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)  # noon in Sydney


def sentences(page: Any) -> list[str]:
    cells = re.findall(r"field-what[^>]*>(?:<[^>]*>)*([^<]+)", page.content.decode())
    return [unescape(cell) for cell in cells]


def change(customer: Customer, actor: Actor, **fields: Any) -> None:
    update_customer(customer.as_queryset(), actor, fields)


@pytest.fixture
def ella(store: Store) -> Actor:
    user = User.objects.create_user("ella", first_name="Ella", last_name="Marsh", is_staff=True)
    user.stores.add(store)
    return Actor.staff(user)


def test_changes_stand_there_in_words(sign_in: SignIn, store: Store, ella: Actor) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    change(customer, ella, notes="Rings twice", company="Deli")
    order = OrderFactory(customer=customer)
    found = sentences(sign_in("Viewer", store).get(LIST))
    assert found[0] == f"{order.number}: order placed"
    assert "Ann Lee: company, notes changed" in found
    assert found[-1] == "Ann Lee: created"


def test_one_link_shows_what_a_person_changed_that_day(
    sign_in: SignIn, store: Store, ella: Actor
) -> None:
    viewer = sign_in("Viewer", store)
    with time_machine.travel(NOON - timedelta(hours=13), tick=False):  # the day before in Sydney
        customer = CustomerFactory(store=store, name="Ann Lee")
        change(customer, ella, notes="Yesterday")
    with time_machine.travel(NOON, tick=False):
        change(customer, ella, company="Today")
        change(customer, SYSTEM, fax="")
        change(customer, SYSTEM, website="https://example.com")
        page = viewer.get(LIST).content.decode()
        [link, *_] = re.findall(r'href="(\?[^"]*person=staff-[^"]*)"', page)
        found = viewer.get(LIST + unescape(link))
        assert sentences(found) == ["Ann Lee: company changed"]


def test_filters_by_person_kind_and_day_work_together(
    owner: Client, store: Store, ella: Actor
) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    change(customer, ella, notes="Rings twice")
    query = {"store__id__exact": str(store.pk)}
    kinds = {"person": f"staff-{ella.id}", "type": "customer.updated"}
    assert len(sentences(owner.get(LIST, {**query, **kinds}))) == 1
    assert sentences(owner.get(LIST, {**query, **kinds, "type": "customer.deleted"})) == []
    assert sentences(owner.get(LIST, {**query, "person": "system-0"})) == ["Ann Lee: created"]
    assert sentences(owner.get(LIST, {**query, "from": "2999-01-01"})) == []


@pytest.mark.parametrize("query", [{"person": "staff-999"}, {"person": "x"}, {"from": "soon"}])
def test_what_a_filter_cannot_read_shows_nothing(
    owner: Client, store: Store, query: dict[str, str]
) -> None:
    CustomerFactory(store=store)
    page = owner.get(LIST, query)
    assert sentences(page) == []
    assert list(page.context["messages"])


def test_older_changes_of_a_person_need_a_day(owner: Client, store: Store, ella: Actor) -> None:
    customer = CustomerFactory(store=store)
    change(customer, ella, notes="Rings twice")
    Event.objects.filter(store=store).update(created_at=NOON - timedelta(days=400))
    query = {"store__id__exact": str(store.pk), "person": f"staff-{ella.id}"}
    assert sentences(owner.get(LIST, query)) == []
    assert len(sentences(owner.get(LIST, {**query, "to": "2999-01-01"}))) == 1


def test_a_change_opens_with_old_and_new_values(sign_in: SignIn, store: Store, ella: Actor) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", company="Old Deli")
    change(customer, ella, company="New Deli")
    event = Event.objects.latest("id")
    url = reverse("admin:stores_event_change", args=[event.pk])
    text = sign_in("Viewer", store).get(url).content.decode()
    assert "<del>Old Deli</del>" in text
    assert "<ins>New Deli</ins>" in text
    assert "<details" in text[: text.index("&quot;company&quot;")]
    assert reverse("admin:customers_customer_change", args=[customer.pk]) in text
    elsewhere = sign_in("Viewer", StoreFactory(), name="elsewhere")
    assert elsewhere.get(url).status_code == 404
