"""The list of customers: what is found, and what filters leave."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Address, Customer
from customers.models.ledger import Account
from customers.services.accounts import post_entry
from customers.services.customers import delete_customer, update_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.factories import AddressFields, CustomerFactory, LineFields

LIST = reverse("admin:customers_customer_changelist")


def found(client: Client, path: str = LIST, **query: Any) -> list[str]:
    return sorted(str(row) for row in client.get(path, query).context["cl"].result_list)


@pytest.mark.parametrize(
    "words",
    [
        "jon",
        "JÖNSSON",
        "nsson",
        "kafé ä",
        "anna@ex",
        "4210 12",
        "(02) 4210",
        "+61 2 4210",
        "EXT-77",
    ],
)
def test_a_customer_is_found_by_any_part_in_any_spelling(owner: Client, store, words: str) -> None:
    CustomerFactory(
        store=store,
        name="Anna Jönsson",
        company="Kafé Älg",
        email="anna@example.com",
        phone="(02) 4210 1234",
        external_id="EXT-77",
    )
    CustomerFactory(store=store, name="Bo Fox", email="bo@other.com")
    assert found(owner, q=words) == ["Anna Jönsson"]


def test_an_external_id_is_found_whole(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann", external_id="X" * 300)
    CustomerFactory(store=store, name="Bo", external_id="X" * 200)
    assert found(owner, q="X" * 300) == ["Ann"]


def test_search_takes_anything(owner: Client, store) -> None:
    CustomerFactory(store=store, name="100% Bread_")
    assert found(owner, q="100% b") == ["100% Bread_"]
    for odd in ("\0", "%", "'; --", "\\", "д" * 500):
        assert owner.get(LIST, {"q": odd}).status_code == 200


@pytest.fixture
def crowd(store) -> dict[str, Customer]:
    """A customer for every filter."""
    names = ["plain", "tagged", "barred", "idle", "buyer", "ower", "gone", "lost"]
    people = {name: CustomerFactory(store=store, name=name) for name in names}
    update_customer(people["tagged"].as_queryset(), SYSTEM, {"tags": ["VIP"]})
    update_customer(people["barred"].as_queryset(), SYSTEM, {"is_blacklisted": True})
    update_customer(people["idle"].as_queryset(), SYSTEM, {"is_active": False})
    place_order(people["buyer"].as_queryset(), SYSTEM, [LineFields(quantity=100)])
    account = {"is_account_enabled": True, "credit_limit": Decimal(100)}
    update_customer(people["ower"].as_queryset(), SYSTEM, account)
    post_entry(people["ower"].as_queryset(), SYSTEM, Account.HOUSE, Decimal(95))
    delete_customer(people["gone"].as_queryset(), SYSTEM)
    update_customer(people["lost"].as_queryset(), SYSTEM, {"addresses": [AddressFields()]})
    Address.objects.filter(customer=people["lost"]).update(geocode_status="failed")
    return people


LIVE = ["barred", "buyer", "idle", "lost", "ower", "plain", "tagged"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, LIVE),
        ({"blacklisted": "yes"}, ["barred"]),
        ({"blacklisted": "no", "active": "yes", "orders": "yes"}, ["buyer"]),
        ({"active": "no"}, ["idle"]),
        ({"orders": "yes"}, ["buyer"]),
        ({"orders": "no"}, [name for name in LIVE if name != "buyer"]),
        ({"spent_from": "250"}, ["buyer"]),
        ({"spent_from": "250.01"}, []),
        ({"spent_from": "1", "spent_to": "300"}, ["buyer"]),
        ({"spent_from": "much"}, []),
        ({"owing": "yes"}, ["ower"]),
        ({"owing": "near"}, ["ower"]),
        ({"owing": "over"}, []),
        ({"overdue": "current"}, ["ower"]),
        ({"overdue": "1-30"}, []),
        ({"last_order": "30"}, ["buyer"]),
        ({"last_order": "silent90"}, []),
        ({"geocode": "failed"}, ["lost"]),
        ({"deleted": "yes"}, ["gone"]),
        ({"deleted": "all"}, sorted([*LIVE, "gone"])),
        ({"tag": "nonsense"}, []),
    ],
)
def test_a_filter_leaves_whom_it_says(owner: Client, crowd, query, names) -> None:
    assert found(owner, **query) == names


def test_only_a_narrowed_list_offers_to_show_all(owner: Client, crowd) -> None:
    assert "Show all" not in owner.get(LIST).content.decode()
    for query in ({"q": "a"}, {"owing": "yes"}, {"created_at__year": "2026"}):
        assert "Show all" in owner.get(LIST, query).content.decode()


def test_a_tag_filters_and_its_list_leads_there(owner: Client, crowd, store) -> None:
    tag = crowd["tagged"].tags.get()
    assert found(owner, tag=tag.pk) == ["tagged"]
    tags = owner.get(reverse("admin:customers_tag_changelist"))
    assert f'{LIST}?tag={tag.pk}">1</a>' in tags.content.decode()


def test_dates_lead_from_years_to_days(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann")
    now = timezone.now()
    assert f"created_at__year={now.year}" in owner.get(LIST).content.decode()
    query = {"created_at__year": now.year, "created_at__month": now.month}
    page = owner.get(LIST, query).content.decode()
    assert f"created_at__day={now.day}&amp;" in page or f"created_at__day={now.day}" in page
    assert found(owner, **query, created_at__day=now.day) == ["Ann"]
    assert found(owner, created_at__year=now.year - 1) == []


def test_every_column_sorts(owner: Client, crowd) -> None:
    for column in range(1, 10):
        assert found(owner, o=f"-{column}") == LIVE


def test_last_order_filters_by_how_long_ago_it_was(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann")
    long_ago = timezone.now() - timedelta(days=100)
    place_order(customer.as_queryset(), SYSTEM, [LineFields()], placed_at=long_ago)
    assert found(owner, last_order="silent90") == ["Ann"]
    assert found(owner, last_order="silent365") == []
    assert found(owner, last_order="90") == []
