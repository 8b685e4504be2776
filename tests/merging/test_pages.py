"""Merge customers in the back office, and take a merge apart."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from customers.merging.models import Merge
from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from tests.factories import ApiKeyFactory, CustomerFactory
from tests.merging.book import full_row, merge, unmerge
from tests.orders.accounts import order_of

NEW = reverse("admin:merging_merge_new")


def page_url(survivor: Customer, loser: Customer) -> str:
    return f"{NEW}?keep={survivor.pk}&away={loser.pk}"


def token(text: str) -> str:
    [found] = re.findall(r'name="once" value="([^"]+)"', text)
    return found


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def manager(client: Client, store) -> Client:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    store.staff.add(user)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_manager_previews_chooses_merges_and_takes_apart(manager, anna, bella) -> None:
    order_of(bella, "20")
    for one, terms in ((anna, "net_30"), (bella, "net_7")):
        update_customer(one.as_queryset(), SYSTEM, {"payment_terms": terms})
    before = full_row(anna), full_row(bella)
    assert page_url(anna, anna).split("away")[0][:-1] in text_of(
        manager, reverse("admin:customers_customer_change", args=[anna.pk])
    )
    shown = text_of(manager, page_url(anna, bella))
    assert "Payment terms" in shown
    assert "net_7" in shown
    assert "Orders that move: 1." in shown
    assert (full_row(anna), full_row(bella)) == before
    sent = {"once": token(shown)}
    refused = manager.post(page_url(anna, bella), sent).content.decode()
    assert "Choose whose value counts" in refused
    assert not Merge.objects.exists()
    sent["choose_payment_terms"] = "loser"
    for _ in range(2):  # a double click takes effect once
        done = manager.post(page_url(anna, bella), sent)
        assert done.status_code == 302
    merged = Merge.objects.get()
    assert merged.actor_name == "manager"
    listed = text_of(manager, reverse("admin:merging_merge_changelist"))
    assert listed.index("Joined into it") < listed.rindex("Bella Baker")
    apart = reverse("admin:merging_merge_apart", args=[merged.pk])
    preview = text_of(manager, apart)
    assert Merge.objects.standing().exists()
    manager.post(apart, {"once": token(preview)})
    assert (full_row(anna), full_row(bella)) == before
    assert "Taken apart by manager" in text_of(
        manager, reverse("admin:merging_merge_change", args=[merged.pk])
    )


def test_page_of_a_merged_customer_leads_to_the_survivor(manager, anna, bella) -> None:
    merged = merge(anna, bella)
    page = reverse("admin:customers_customer_change", args=[bella.pk])
    answer = manager.get(page)
    assert answer["Location"].endswith(reverse("admin:customers_customer_change", args=[anna.pk]))
    for name, query in (
        ("history", "p=2"),
        ("statement", "first=2026-01-01"),
        ("post", "what=settle"),
    ):
        here, there = (
            reverse(f"admin:customers_customer_{name}", args=[one.pk]) for one in (bella, anna)
        )
        assert manager.get(f"{here}?{query}")["Location"] == f"{there}?{query}"
    sent = manager.post(here, {"what": "settle", "amount": "5", "reason": "Paid"}, follow=True)
    assert "Nothing was changed. The customer was merged into Anna Baker" in sent.content.decode()
    assert manager.get(reverse("admin:customers_customer_history", args=[0])).status_code == 404
    unmerge(merged)
    assert manager.get(page).status_code == 200
    assert manager.get(here).status_code == 200


def test_page_says_that_a_system_knows_two_ids(manager, store, anna, bella) -> None:
    merge(anna, bella)
    key = {"Authorization": f"Bearer {ApiKeyFactory(store=store).text}"}
    page = reverse("admin:customers_customer_change", args=[anna.pk])
    for customer, notes in ((bella, "One"), (anna, "Two"), (bella, "Three")):
        assert "knows this customer by two ids" not in text_of(manager, page)
        url, body = f"/api/customers/cust_{customer.uid.hex}", {"notes": notes}
        answer = Client().put(url, body, "application/json", headers=key)
        assert answer.status_code == 200, answer.content
    shown = text_of(manager, page)
    assert (
        "A system knows this customer by two ids and changes these again and again: Notes." in shown
    )
    assert "by the former id of a merged customer" in shown


def test_other_customer_is_asked_for(manager, anna, bella, other_store) -> None:
    stranger = CustomerFactory(store=other_store)
    url = f"{NEW}?keep={anna.pk}"
    assert "Number or id" in text_of(manager, url)
    assert "No live customer has this" in text_of(manager, f"{url}&away={stranger.pk}")
    assert "Bella Baker" in text_of(manager, f"{url}&away={bella.uid}")
    assert manager.get(f"{NEW}?keep={stranger.pk}&away={anna.pk}").status_code == 404


def test_clerk_may_not_merge(client, store, anna, bella) -> None:
    user = User.objects.create_user("clerk", is_staff=True)
    user.groups.add(Group.objects.get(name="Clerk"))
    store.staff.add(user)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(page_url(anna, bella)).status_code == 403
    assert client.post(page_url(anna, bella)).status_code == 403
    page = text_of(client, reverse("admin:customers_customer_change", args=[anna.pk]))
    assert NEW not in page
