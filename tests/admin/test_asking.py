"""What cannot be taken back asks first, with the count and the consequence."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Address, Customer, Depot, Tag
from customers.services.delivery_zones import create_zone
from stores.models import Store
from tests.admin.rows import endpoint
from tests.factories import AddressFields, CustomerFactory, StoreFactory


def question(client: Client, row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_delete"
    text: str = client.get(reverse(name, args=[row.pk])).content.decode()
    return text


def test_deleting_a_tag_counts_its_customers(owner: Client, store: Store) -> None:
    for _ in range(2):
        CustomerFactory(store=store, tags=["VIP"])
    tag = Tag.objects.get()
    text = question(owner, tag)
    assert "2 customers will lose this tag, and stay. This cannot be taken back." in text
    assert 'value="Delete VIP"' in text
    owner.post(reverse("admin:customers_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert not Tag.objects.exists()


def test_deleting_depots_zones_and_receivers_says_what_becomes_of_others(
    owner: Client, store: Store
) -> None:
    zone, depot = create_zone(store, "North", ""), Depot.objects.create(store=store, name="East")
    receiver = endpoint(store)
    customer = CustomerFactory(store=store, addresses=[AddressFields()])
    Customer.objects.filter(store=store, pk=customer.pk).update(default_depot=depot)
    Address.objects.filter(store=store, customer=customer).update(delivery_zone=zone)
    assert "1 customer will be without a depot." in question(owner, depot)
    assert "1 address will be without a zone." in question(owner, zone)
    assert "1 message to it will be deleted" in question(owner, receiver)


def test_other_stores_rows_are_not_asked_about(sign_in: Any, store: Store) -> None:
    CustomerFactory(store=store, tags=["VIP"])
    elsewhere = sign_in("Manager", StoreFactory())
    url = reverse("admin:customers_tag_delete", args=[Tag.objects.get().pk])
    assert elsewhere.get(url).status_code == 404


def test_deleting_a_person_counts_what_goes_with_them(owner: Client, sign_in: Any, store) -> None:
    sign_in("Administrator", store)
    person = User.objects.get(username="administrator")
    for _ in range(2):
        LogEntry.objects.create(user=person, action_flag=CHANGE, object_repr="A tag")
    text = question(owner, person)
    assert "2 lines of the log of the back office will go" in text
    assert "clear “Active” on their page instead" in text
    owner.post(reverse("admin:auth_user_delete", args=[person.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=person.pk).exists()
