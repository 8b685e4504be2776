"""Actions on the list of customers."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.services.tags import create_tag
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.admin.pages import CUSTOMER_LIST, act, messages_of, open_page
from tests.factories import CustomerFactory

DELETED = reverse("admin:customers_deletedcustomer_changelist")


def test_tag_is_added_and_removed_with_counts(owner: Client, store) -> None:
    one, two = CustomerFactory(store=store, tags=["VIP"]), CustomerFactory(store=store)
    tag = one.tags.get()
    asked = act(owner, "add_tag", one, two)
    assert "2 customers" in asked.content.decode()
    page = act(owner, "add_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert list(two.tags.all()) == [tag]
    page = act(owner, "remove_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["2 customers untagged “VIP”."]
    assert Event.objects.filter(customer_uid=two.uid).latest("id").before == {"tags": ["VIP"]}


def test_tag_is_added_only_within_its_store(owner: Client, store, other_store) -> None:
    here, there = CustomerFactory(store=store), CustomerFactory(store=other_store)
    tag = create_tag(store, "VIP")
    page = act(owner, "add_tag", here, there, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert not there.tags.exists()


def offered_tags(client: Client, page: HttpResponse) -> list[str]:
    """The tags that the page's field offers when nothing is typed."""
    (url,) = re.findall(r'data-ajax--url="([^"]+)"', page.content.decode())
    field = (
        "app_label=customers&model_name=customertag&field_name=tag"  # as Django's script adds it
    )
    results = client.get(f"{html.unescape(url)}&{field}").json()["results"]
    return [result["text"].partition(" · ")[0] for result in results]


def test_selection_offers_tags_of_its_stores_only(owner: Client, store, other_store) -> None:
    here, there = CustomerFactory(store=store), CustomerFactory(store=other_store)
    create_tag(store, "VIP")
    foreign = create_tag(other_store, "Wholesale")
    assert offered_tags(owner, act(owner, "add_tag", here)) == ["VIP"]
    assert offered_tags(owner, act(owner, "add_tag", here, there)) == ["VIP", "Wholesale"]
    page = act(owner, "add_tag", here, confirmed="yes", tag=foreign.pk)
    assert "Select a valid choice" in page.content.decode()


def test_customer_page_offers_tags_of_its_store_only(owner: Client, store, other_store) -> None:
    customer = CustomerFactory(store=store)
    create_tag(store, "VIP")
    create_tag(other_store, "Wholesale")
    page = open_page(owner, "customers_customer", customer.pk)
    assert offered_tags(owner, page) == ["VIP"]


def test_blacklisting_needs_a_reason(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    assert (
        "This field is required"
        in act(owner, "blacklist", customer, confirmed="yes").content.decode()
    )
    page = act(owner, "blacklist", customer, confirmed="yes", reason="Never pays")
    assert messages_of(page) == ["1 customer barred."]
    customer.refresh_from_db()
    assert (customer.is_blacklisted, customer.blacklist_reason) == (True, "Never pays")
    act(owner, "unblacklist", customer)
    customer.refresh_from_db()
    assert (customer.is_blacklisted, customer.blacklist_reason) == (False, "")


def test_customers_are_suspended_and_activated(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    act(owner, "suspend", customer)
    assert not Customer.objects.get(pk=customer.pk).is_active
    page = act(owner, "activate", customer)
    assert messages_of(page) == ["1 customer activated."]


def test_action_changes_all_filtered_rows(owner: Client, store) -> None:
    for number in range(53):
        CustomerFactory(store=store, name=f"Baker {number}")
    other = CustomerFactory(store=store, name="Smith")
    page = act(
        owner,
        "suspend",
        Customer.objects.first(),
        path=f"{CUSTOMER_LIST}?q=baker",
        select_across="1",
    )
    assert messages_of(page) == ["53 customers suspended."]
    assert list(Customer.objects.filter(is_active=True)) == [other]


def test_refusals_are_counted_by_reason(owner: Client, store) -> None:
    taken = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(taken.as_queryset(), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    free = CustomerFactory(store=store, name="Bo")
    delete_customer(free.as_queryset(), SYSTEM)
    page = act(owner, "restore", taken, free, path=DELETED)
    assert messages_of(page) == [
        "1 customer restored.",
        "1 not changed: Another customer of this store has this e-mail address.",
    ]
    assert list(owner.get(DELETED).context["cl"].result_list) == [taken]
