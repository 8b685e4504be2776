"""Customers are found by the words that staff remember, in any order."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from stores.models import Store
from tests.admin.pages import CUSTOMER_LIST
from tests.factories import CustomerFactory


@pytest.fixture
def brett(store: Store) -> Customer:
    CustomerFactory(store=store, name="Brett Mill", company="Mill & Co", email="mill@example.com")
    return CustomerFactory(
        store=store,
        name="Brett O’Baker",
        company="Müller Stores",
        email="brett@example.com",
        phone="0412 345 678",
        external_id="CRM 15 B",
    )


@pytest.mark.parametrize(
    "words",
    [
        "baker brett",
        "O'Baker, Brett",
        "bre bak",
        "mueller brett",
        "stores brett@",
        "brett 345678",
        "0412 345 678",
        "o'b brett m",
        "CRM 15 B",
    ],
)
def test_words_are_found_in_any_order(owner: Client, brett: Customer, words: str) -> None:
    page = owner.get(CUSTOMER_LIST, {"q": words})
    assert list(page.context["cl"].result_list) == [brett]


@pytest.mark.parametrize("words", ["baker brett nobody", "mill baker"])
def test_every_word_has_to_be_there(owner: Client, brett: Customer, words: str) -> None:
    page = owner.get(CUSTOMER_LIST, {"q": words})
    assert list(page.context["cl"].result_list) == []


def test_choices_tell_customers_of_one_name_apart(owner: Client, brett: Customer) -> None:
    query = {
        "app_label": "orders",
        "model_name": "order",
        "field_name": "customer",
        "term": "baker",
    }
    (choice,) = owner.get(reverse("admin:autocomplete"), query).json()["results"]
    expected = "Brett O’Baker · Müller Stores · 0412 345 678 · brett@example.com"
    assert choice["text"].startswith(expected)
