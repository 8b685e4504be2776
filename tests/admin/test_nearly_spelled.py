"""A text that finds nobody brings up customers who are spelled nearly so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.matching.services.nearly_spelled import nearly_spelled
from customers.models import Customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def brett(store: Store) -> Customer:
    CustomerFactory(
        store=store, name="Noor Haddad", email="noor@mill.example", phone="0499 888 777"
    )
    return CustomerFactory(
        store=store,
        name="Brett Bakewell",
        company="Essendon Deli",
        email="brett.bakewell@deli.example",
        phone="0412 345 678",
        mobile="03 9670 1234",
    )


@pytest.mark.parametrize(
    "text",
    [
        "brett bakewel",
        "bakwell",
        "Bret Bakewell",
        "bakewlel",
        "breet bakewall",
        "bakewell, brettt",
        "esendon",
        "0412 345 679",
        "0412 354 678",
        "+61 412 345 578",
        "96701235",
        "02 9670 1234",
        "bret.bakewell@deli.example",
        "brett.bakewell@delli.example",
        "brett.bakewell@deil.example",
        "brett_bakewell@deli.example",
        "brett.bakewell@deli,example",
    ],
)
def test_one_slip_is_forgiven(store: Store, brett: Customer, text: str) -> None:
    assert nearly_spelled(text, [store.pk]) == [brett]


@pytest.mark.parametrize(
    "text",
    ["", "@", "x", "zzzzzz", "brett haddad", "0412 999 679", "12", "jo@other.example", "é" * 4000],
)
def test_what_is_like_nobody_brings_up_nobody(store: Store, brett: Customer, text: str) -> None:
    assert nearly_spelled(text, [store.pk]) == []


def test_people_of_other_stores_and_the_deleted_stay_out(
    store: Store, other_store: Store, brett: Customer
) -> None:
    for text in ("bakwell", "0412 345 679", "bret.bakewell@deli.example"):
        assert nearly_spelled(text, [other_store.pk]) == []
    delete_customer(brett.as_queryset(), SYSTEM)
    for text in ("bakwell", "0412 345 679", "bret.bakewell@deli.example"):
        assert nearly_spelled(text, [store.pk]) == []


def test_at_most_five_come_the_nearest_first(store: Store) -> None:
    for name in ("Kathrin", "Catheryn", "Catharin", "Catherina", "Cathorin", "Cathering", "Noor"):
        CustomerFactory(store=store, name=f"{name} Long")
    found = [customer.first_name for customer in nearly_spelled("cathrin", [store.pk])]
    assert len(found) == 5
    assert set(found[:2]) == {"Catharin", "Cathorin"}
    assert "Noor" not in found


def test_few_statements_whatever_the_text(
    store: Store, brett: Customer, django_assert_max_num_queries: Any
) -> None:
    for text in ("brett bakwell essendon deli more words", "0412345679", "b@deli.example"):
        with django_assert_max_num_queries(4):
            nearly_spelled(text, [store.pk])


def test_the_search_asks_did_you_mean(sign_in: Any, store: Store, brett: Customer) -> None:
    client: Client = sign_in("Clerk", store)
    page = client.get(reverse("admin:search"), {"q": "bakwell"}).content.decode()
    assert "Did you mean" in page
    assert f'href="{reverse("admin:customers_customer_change", args=[brett.pk])}"' in page
    options = client.get(reverse("admin:search_options"), {"q": "bakwell"}).content.decode()
    assert "Did you mean" in options
    assert options.count('role="option"') == 1
    assert (
        "Did you mean"
        not in client.get(reverse("admin:search"), {"q": "bakewell"}).content.decode()
    )
    assert "Did you mean" not in client.get(reverse("admin:search"), {"q": "zzzz"}).content.decode()
