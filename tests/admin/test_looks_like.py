"""While a customer is added, the page says who of the book looks like them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import open_page, save
from tests.factories import AddressFields, CustomerFactory, StoreFactory

LIKE = reverse("admin:customers_customer_looks_like")
QUESTION = "This may be somebody you have already"


@pytest.fixture
def brigid(store: Store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Brigid Castellanos",
        company="Harbour Cafe",
        email="brigid@example.com",
        phone="03 5550 1468",
        addresses=[AddressFields(line1="101 King Street", city="Essendon")],
    )


def asked(client: Client, store: Store, **typed: str) -> str:
    answer = client.get(LIKE, {"store": store.pk, **typed})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"first_name": "Bridget", "last_name": "Castelanos"}, "Last names spelled alike"),
        ({"first_name": "Castellanos", "last_name": "Brigid"}, "first and last name swapped"),
        ({"phone": "+61 3 5550 1468"}, "Same phone"),
        ({"email": "Brigid@Example.com"}, "Same e-mail"),
        ({"email": "brigid@example.org", "phone": "555"}, "Same e-mail name at another provider"),
        ({"first_name": "Otto", "last_name": "Yu", "phone": "0355501468"}, "but other first name"),
    ],
)
def test_page_lists_who_looks_like_what_is_typed(owner, store, brigid, typed, reason) -> None:
    page = asked(owner, store, **typed)
    assert reason in page
    for fact in ("Harbour Cafe", "03 5550 1468", "brigid@example.com", "Essendon", "no orders"):
        assert fact in page
    assert reverse("admin:customers_customer_change", args=[brigid.pk]) in page


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_name": "Wilhelmina", "last_name": "Okonkwo"},
        {"first_name": " ", "email": "@", "phone": "+", "birth_date": "soon"},
        {"first_name": "x" * 600, "phone": "0000000000"},
    ],
)
def test_nothing_is_listed_when_nobody_does(owner, store, brigid, typed) -> None:
    assert asked(owner, store, **typed).strip() == ""


def test_only_live_customers_of_the_chosen_store_are_listed(owner, store, brigid) -> None:
    name = {"first_name": "Brigid", "last_name": "Castellanos"}
    assert asked(owner, StoreFactory(), **name).strip() == ""
    assert "Choose the store first" in owner.get(LIKE, name).content.decode()
    assert owner.get(LIKE, {"first_name": " "}).content.strip() == b""
    delete_customer(brigid.as_queryset(), SYSTEM)
    assert asked(owner, store, **name).strip() == ""


def test_store_of_somebody_else_lists_nobody(sign_in: SignIn, store, brigid) -> None:
    clerk = sign_in("Clerk", StoreFactory())
    assert asked(clerk, store, first_name="Brigid", last_name="Castellanos").strip() == ""


def test_who_may_not_add_customers_may_not_ask(sign_in: SignIn, store) -> None:
    assert sign_in("Viewer", store).get(LIKE, {"store": store.pk}).status_code == 403


def add(client: Client, store: Store, **fields: Any) -> Any:
    return save(client, open_page(client, "customers_customer"), store=store.pk, **fields)


def test_saving_asks_once_without_javascript(owner, store, brigid) -> None:
    twin = {"first_name": "Brigid", "last_name": "Castelanos", "phone": "03 5550 1468"}
    page = add(owner, store, **twin)
    assert QUESTION in page.content.decode()
    assert "Harbour Cafe" in page.content.decode()
    assert Customer.objects.for_store(store).count() == 1
    again = save(owner, page)
    assert QUESTION not in again.content.decode()
    assert Customer.objects.for_store(store).count() == 2


def test_saving_asks_again_about_somebody_else(owner, store, brigid) -> None:
    page = add(owner, store, first_name="Brigid", last_name="Castellanos")
    CustomerFactory(store=store, name="Tariq Halloran", phone="0412 345 678")
    page = save(owner, page, first_name="Tariq", last_name="Halloran")
    assert QUESTION in page.content.decode()
    assert "Tariq Halloran" in page.content.decode()
    assert Customer.objects.for_store(store).count() == 2


def test_saving_asks_nothing_about_one_who_is_unlike(owner, store, brigid) -> None:
    page = add(owner, store, first_name="Wilhelmina", last_name="Okonkwo")
    assert QUESTION not in page.content.decode()
    assert Customer.objects.for_store(store).count() == 2


def test_form_sent_twice_adds_one_customer(owner, store) -> None:
    page = open_page(owner, "customers_customer")
    name = {"store": store.pk, "first_name": "Brigid", "last_name": "Castellanos"}
    second = [save(owner, page, **name) for _ in range(2)][1]
    assert Customer.objects.for_store(store).count() == 1
    assert QUESTION not in second.content.decode()


def test_taken_email_names_who_has_it(owner, store, brigid) -> None:
    page = add(owner, store, first_name="Somebody", email="brigid@example.com")
    page = save(owner, page)
    assert "Harbour Cafe" in page.content.decode()
    assert "errornote" in page.content.decode()
    assert Customer.objects.for_store(store).count() == 1


def test_change_of_a_customer_asks_nothing(owner, store, brigid) -> None:
    other = CustomerFactory(store=store, name="Somebody Else")
    page = open_page(owner, "customers_customer", other.pk)
    save(owner, page, first_name="Brigid", last_name="Castellanos", phone="03 5550 1468")
    other.refresh_from_db()
    assert other.name == "Brigid Castellanos"
