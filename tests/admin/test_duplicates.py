"""The page of duplicates, the box on the customer's page and the figure on the start page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.background import compare_waiting
from customers.models import Customer
from customers.services.customers import update_customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of
from tests.factories import AddressFields, CustomerFactory

LIST = reverse("admin:matching_duplicatepair_changelist")


@pytest.fixture
def pair(store: Store) -> DuplicatePair:
    for name, email in (
        ("Brigid Castellanos", "b@a.example"),
        ("Bridget Castelanos", "c@b.example"),
    ):
        CustomerFactory(
            store=store, name=name, email=email, phone="03 5550 1468", addresses=[home()]
        )
    compare_waiting()
    return DuplicatePair.objects.get()


def home() -> dict[str, str]:
    return AddressFields(line1="101 King Street", city="Essendon", state="VIC", postcode="3040")


def button(pair: DuplicatePair, name: str) -> str:
    return reverse(f"admin:matching_duplicatepair_{name}", args=[pair.pk])


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_pair_is_shown_side_by_side_with_its_reasons(owner: Client, pair: DuplicatePair) -> None:
    page = text_of(owner, LIST)
    assert "1 pair that may be one customer" in page
    assert "Same phone" in page
    assert "Other e-mail" in page
    assert "<mark>" in page
    assert 'class="same"><th scope="row">Phone' in page
    assert "Pair 1 of 1" in page


def test_empty_page_says_why(owner: Client, store: Store) -> None:
    assert "No customers look alike now." in text_of(owner, LIST)


def test_customers_page_and_start_page_lead_to_the_pair(owner: Client, pair: DuplicatePair) -> None:
    customer = reverse("admin:customers_customer_change", args=[pair.first_id])
    page = text_of(owner, customer)
    assert f"May be the same as {pair.second}: same phone, same street and number." in page
    assert reverse("admin:matching_duplicatepair_change", args=[pair.pk]) in page
    start = text_of(owner, reverse("admin:index"))
    assert f"{LIST}?store__id__exact={pair.store_id}" in start


def test_different_people_are_remembered_and_asked_again(
    owner: Client, pair: DuplicatePair
) -> None:
    done = owner.post(button(pair, "different"), follow=True)
    assert "are kept as different people" in messages_of(done)[0]
    assert "No customers look alike now." in done.content.decode()
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == (Decision.DIFFERENT, "owner")
    again = owner.post(button(pair, "different"), follow=True)
    assert "Somebody has decided" in messages_of(again)[0]
    page = owner.post(button(pair, "reopen"), follow=True).content.decode()
    assert "Is this one customer?" in page


def test_new_evidence_is_said(owner: Client, pair: DuplicatePair) -> None:
    owner.post(button(pair, "different"))
    for customer in pair.sides:
        update_customer(customer.as_queryset(), SYSTEM, {"tax_id": "51824753556"})
    compare_waiting()
    page = text_of(owner, LIST)
    assert "owner called them different people" in page
    assert "New since then: Same tax id." in page


def test_possible_pairs_are_listed_on_demand(owner: Client, store: Store) -> None:
    for number in range(2):
        CustomerFactory(store=store, name="Ann Lee", email=f"ann{number}@example.com", phone="")
    compare_waiting()
    pair = DuplicatePair.objects.get()
    pair.score = 1
    pair.save()
    assert "No customers look alike now." in text_of(owner, LIST)
    assert "Is this one customer?" in text_of(owner, f"{LIST}?least=possible")


def test_deleted_customers_are_not_listed(owner: Client, pair: DuplicatePair) -> None:
    delete_customer(pair.second.as_queryset(), SYSTEM)
    assert "No customers look alike now." in text_of(owner, LIST)


def test_other_stores_and_rights(
    sign_in: SignIn, pair: DuplicatePair, other_store: Store, store: Store
) -> None:
    stranger = sign_in("Manager", other_store)
    assert "No customers look alike now." in text_of(stranger, LIST)
    change = reverse("admin:matching_duplicatepair_change", args=[pair.pk])
    assert stranger.get(change).status_code == 404
    assert stranger.post(button(pair, "different")).status_code == 404
    viewer = sign_in("Viewer", store)
    assert "Different people <kbd" not in text_of(viewer, change)
    assert viewer.post(button(pair, "different")).status_code == 403
    clerk = sign_in("Clerk", store)
    assert clerk.get(button(pair, "different")).status_code == 405
    assert clerk.post(button(pair, "different")).status_code == 302


def test_customer_whose_pairs_are_decided_needs_nobody(owner: Client, pair: DuplicatePair) -> None:
    owner.post(button(pair, "different"))
    url = reverse("admin:customers_customer_change", args=[pair.first_id])
    assert "May be the same as" not in text_of(owner, url)
    assert Customer.objects.count() == 2
