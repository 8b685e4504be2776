"""Search and filters of the list of customers."""

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
from customers.services.customers import update_customer
from orders.services.accounts import post_entry
from orders.services.customers import delete_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.factories import AddressFields, CustomerFactory, LineFields

LIST = reverse("admin:customers_customer_changelist")


def list_names(client: Client, path: str = LIST, **query: Any) -> list[str]:
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
def test_search_ignores_case_and_accents(owner: Client, store, words: str) -> None:
    CustomerFactory(
        store=store,
        name="Anna Jönsson",
        company="Kafé Älg",
        email="anna@example.com",
        phone="(02) 4210 1234",
        external_id="EXT-77",
    )
    CustomerFactory(store=store, name="Bo Fox", email="bo@other.com")
    assert list_names(owner, q=words) == ["Anna Jönsson"]


def test_search_matches_whole_external_ids(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann", external_id="X" * 300)
    CustomerFactory(store=store, name="Bo", external_id="X" * 200)
    assert list_names(owner, q="X" * 300) == ["Ann"]


def test_search_accepts_any_text(owner: Client, store) -> None:
    CustomerFactory(store=store, name="100% Bread_")
    assert list_names(owner, q="100% b") == ["100% Bread_"]
    for odd in ("\0", "%", "'; --", "\\", "д" * 500):
        assert owner.get(LIST, {"q": odd}).status_code == 200


@pytest.fixture
def crowd(store) -> dict[str, Customer]:
    """Create a customer for every filter."""
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
def test_filter_lists_matching_customers(owner: Client, crowd, query, names) -> None:
    assert list_names(owner, **query) == names


def test_only_a_filtered_list_offers_show_all(owner: Client, crowd) -> None:
    page = owner.get(LIST).content.decode()
    assert "Show all" not in page
    assert "Clear all filters" not in page
    assert "Show all" in owner.get(LIST, {"q": "a"}).content.decode()
    for query in ({"owing": "yes"}, {"created_at__year": "2026"}, {"created_from": "2026-01-01"}):
        assert "Clear all filters" in owner.get(LIST, query).content.decode()


def test_tag_list_links_to_filtered_customers(owner: Client, crowd, store) -> None:
    tag = crowd["tagged"].tags.get()
    assert list_names(owner, tag=tag.pk) == ["tagged"]
    tags = owner.get(reverse("admin:customers_tag_changelist"))
    assert f'{LIST}?tag={tag.pk}">1</a>' in tags.content.decode()


def test_dates_of_creation_are_a_filter(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann")
    today = timezone.localdate()
    assert list_names(owner, created_from=today, created_to=today) == ["Ann"]
    assert list_names(owner, created_to=today - timedelta(days=1)) == []
    query = {"created_at__year": today.year, "created_at__month": today.month}
    assert list_names(owner, **query, created_at__day=today.day) == ["Ann"]
    assert list_names(owner, created_at__year=today.year - 1) == []


def test_every_column_sorts(owner: Client, crowd) -> None:
    for column in range(1, 10):
        assert list_names(owner, o=f"-{column}") == LIVE


def test_last_order_filters_by_age(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann")
    long_ago = timezone.now() - timedelta(days=100)
    place_order(customer.as_queryset(), SYSTEM, [LineFields()], placed_at=long_ago)
    assert list_names(owner, last_order="silent90") == ["Ann"]
    assert list_names(owner, last_order="silent365") == []
    assert list_names(owner, last_order="90") == []
