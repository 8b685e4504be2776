"""The menu of stores: a person of several works in one of them."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of
from tests.factories import CustomerFactory

CHOOSE = reverse("admin:choose_store")
LIST = reverse("admin:customers_customer_changelist")


def names(client: Client) -> list[str]:
    return sorted(str(row) for row in client.get(LIST).context["cl"].result_list)


def test_a_chosen_store_narrows_every_page(owner: Client, store: Store, other_store: Store) -> None:
    CustomerFactory(store=store, name="Ann")
    theirs = CustomerFactory(store=other_store, name="Bo")
    assert "All your stores" in owner.get(LIST).content.decode()
    page = owner.post(CHOOSE, {"store": store.pk}, follow=True)
    assert messages_of(page) == [f"You see {store} only now."]
    assert names(owner) == ["Ann"]
    path = reverse("admin:customers_customer_change", args=[theirs.pk])
    assert owner.get(path).status_code == 404
    owner.post(CHOOSE, {"store": ""})
    assert names(owner) == ["Ann", "Bo"]
    assert owner.get(path).status_code == 200


def test_only_own_stores_can_be_chosen(sign_in: SignIn, store: Store, other_store: Store) -> None:
    CustomerFactory(store=store, name="Ann")
    CustomerFactory(store=other_store, name="Bo")
    client = sign_in("Clerk", store)
    assert "store-menu" not in client.get(LIST).content.decode()
    for pk in (other_store.pk, 10**17, "x"):
        client.post(CHOOSE, {"store": pk})
        assert names(client) == ["Ann"]
    assert client.get(CHOOSE).status_code == 405


def test_a_store_that_is_taken_away_is_chosen_no_more(
    sign_in: SignIn, store: Store, other_store: Store
) -> None:
    CustomerFactory(store=store, name="Ann")
    CustomerFactory(store=other_store, name="Bo")
    client = sign_in("Clerk", store, other_store)
    client.post(CHOOSE, {"store": other_store.pk})
    assert names(client) == ["Bo"]
    other_store.staff.clear()
    assert names(client) == ["Ann"]
