"""The timeline on a customer's page, and its history."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from customers.admin import timeline
from customers.models import Depot
from customers.services.customers import update_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM, Actor
from stores.models import Event
from tests.admin.pages import open_page, read_customer, save
from tests.factories import LineFields

PAGE = "customers_customer"


def test_timeline_shows_actor_and_old_and_new_values(owner: Client, customer) -> None:
    sent = {"notes": "Rings twice", "addresses-0-city": "Perth"}
    save(owner, open_page(owner, PAGE, customer.pk), **sent)
    update_customer(
        customer.as_queryset(), Actor("key", 3, "API key shop"), {"marketing_opt_in": True}
    )
    entries = read_customer(owner, customer.pk).context["timeline"]
    assert [(entry.who, entry.title) for entry in entries] == [
        ("API key shop", "Changed"),
        ("owner", "Changed"),
        ("Clientele", "Created"),
    ]
    shown_changes = [(change.name, change.old, change.new) for change in entries[1].changes]
    assert ("Notes", "–", "Rings twice") in shown_changes
    assert ("Address Shop: city", "Sydney", "Perth") in shown_changes


def test_timeline_uses_the_stores_time_zone(sign_in, store, customer) -> None:
    clerk = sign_in("Manager", store)
    page = open_page(clerk, PAGE, customer.pk)
    since = {"customer_since_0": "2024-05-06", "customer_since_1": "07:08:09"}
    save(clerk, page, birth_date="1986-09-17", **since)
    changes = read_customer(clerk, customer.pk).context["timeline"][0].changes
    shown_changes = {change.name: change.new for change in changes}
    assert shown_changes == {"Birth date": "17 Sep 1986", "Customer since": "6 May 2024, 07:08"}


def test_timeline_shows_names_of_depots(owner: Client, store, customer) -> None:
    east, west = (Depot.objects.create(store=store, name=name) for name in ("East", "West"))
    for depot in (east, west):
        update_customer(customer.as_queryset(), SYSTEM, {"default_depot_id": depot.pk})
    (second, first, *_) = read_customer(owner, customer.pk).context["timeline"]
    shown_changes = [
        (change.name, change.old, change.new) for change in first.changes + second.changes
    ]
    assert shown_changes == [("Default depot", "–", "East"), ("Default depot", "East", "West")]


def test_timeline_lists_each_address_change_once(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"billing_address": {"line1": "1 Bill Street"}})
    fields = {"delivery_address": {"city": "Perth"}, "billing_address": {"line1": "2 Bill Street"}}
    update_customer(customer.as_queryset(), SYSTEM, fields)
    changes = read_customer(owner, customer.pk).context["timeline"][0].changes
    shown_changes = [
        (change.name.rpartition(": ")[2], change.old, change.new) for change in changes
    ]
    assert sorted(shown_changes) == [
        ("city", "Sydney", "Perth"),
        ("street", "1 Bill Street", "2 Bill Street"),
    ]


def test_change_before_many_orders_is_compared_in_full(customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"notes": "Rings twice"})
    for _ in range(3):
        place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    update_customer(customer.as_queryset(), SYSTEM, {"delivery_address": {"city": "Perth"}})
    entry, *_ = timeline.latest(customer, most=2)
    assert entry.changes == [timeline.Change("Address Shop: city", "Sydney", "Perth")]


def test_timeline_shows_order_numbers(owner: Client, customer) -> None:
    row = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    entries = read_customer(owner, customer.pk).context["timeline"]
    assert entries[0].title == f"Order placed: {row['number']}"


def test_history_without_events_is_empty(owner: Client, customer) -> None:
    Event.objects.filter(customer_uid=customer.uid).delete()
    page = owner.get(reverse("admin:customers_customer_history", args=[customer.pk]))
    assert page.status_code == 200
    assert page.context["timeline"] == []


def test_history_counts_its_changes(owner: Client, customer) -> None:
    url = reverse("admin:customers_customer_history", args=[customer.pk])
    assert ">1 change<" in owner.get(url).content.decode()
    update_customer(customer.as_queryset(), SYSTEM, {"notes": "Rings twice"})
    assert ">2 changes<" in owner.get(url).content.decode()


def test_history_pages_through_all_events(owner: Client, customer) -> None:
    for number in range(55):
        update_customer(customer.as_queryset(), SYSTEM, {"notes": f"note {number}"})
    url = reverse("admin:customers_customer_history", args=[customer.pk])
    first, second = owner.get(url), owner.get(url, {"page": 2})
    assert len(first.context["timeline"]) == 50
    assert len(second.context["timeline"]) == 6
    assert first.context["timeline"][-1].changes[0].old == "note 4"
