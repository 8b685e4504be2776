"""Tags, delivery zones and depots, which customers of a store share."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer, DeliveryZone, Depot, Tag
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.admin.pages import open_page, save
from tests.factories import AddressFields, CustomerFactory


def test_renamed_zone_makes_events_of_its_customers(owner: Client, store) -> None:
    save(owner, open_page(owner, "customers_deliveryzone"), store=store.pk, name="North")
    zone = DeliveryZone.objects.get()
    customer = CustomerFactory(store=store, addresses=[AddressFields(delivery_zone=zone)])
    save(owner, open_page(owner, "customers_deliveryzone", zone.pk), name="Far north")
    event = Event.objects.filter(customer_uid=customer.uid).latest("id")
    assert event.changed == ["addresses"]
    assert event.snapshot["addresses"][0]["delivery_zone"]["name"] == "Far north"
    url = reverse("admin:customers_deliveryzone_delete", args=[zone.pk])
    owner.post(url, {"post": "yes"})
    assert customer.addresses.get().delivery_zone is None


def test_tag_changes_make_events_of_its_customers(owner: Client, store) -> None:
    save(owner, open_page(owner, "customers_tag"), store=store.pk, name="VIP", color="#ff0000")
    tag = Tag.objects.get()
    assert (tag.name, tag.key, tag.color) == ("VIP", "vip", "#ff0000")
    customer = CustomerFactory(store=store, tags=["vip"])
    save(owner, open_page(owner, "customers_tag", tag.pk), name="Gold")
    assert Customer.objects.get(pk=customer.pk).version == 2
    owner.post(reverse("admin:customers_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert Event.objects.filter(customer_uid=customer.uid).latest("id").before == {"tags": ["Gold"]}


def test_renamed_tag_keeps_its_missing_colour(owner: Client, store) -> None:
    tag = Tag.objects.create(store=store, name="VIP", key="vip")
    browser_sends = "#000000"  # for a colour that is empty
    save(owner, open_page(owner, "customers_tag", tag.pk), name="Friends", color=browser_sends)
    tag.refresh_from_db()
    assert (tag.name, tag.color) == ("Friends", "")
    save(owner, open_page(owner, "customers_tag", tag.pk), color="#0f766e")
    save(owner, open_page(owner, "customers_tag", tag.pk), color="#000000")
    tag.refresh_from_db()
    assert tag.color == "#000000"


def test_store_page_links_to_its_zones(owner: Client, store, other_store) -> None:
    DeliveryZone.objects.create(store=store, name="North")
    DeliveryZone.objects.create(store=other_store, name="South")
    page = open_page(owner, "stores_store", store.pk).content.decode()
    assert f'/admin/customers/deliveryzone/?store__id__exact={store.pk}">North</a>' in page


def test_duplicate_tag_in_other_case_is_refused(owner: Client, store) -> None:
    CustomerFactory(store=store, tags=["VIP"])
    page = save(owner, open_page(owner, "customers_tag"), store=store.pk, name="vip")
    assert "has a tag of this name" in page.content.decode()


@pytest.mark.parametrize("text", ["école", "ECOLE", "col"])
def test_tag_search_ignores_case_and_accents(owner: Client, store, text: str) -> None:
    CustomerFactory(store=store, tags=["École", "VIP"])
    results = owner.get(reverse("admin:customers_tag_changelist"), {"q": text}).context["cl"]
    assert [tag.name for tag in results.result_list] == ["École"]
    query = {"app_label": "customers", "model_name": "customertag", "field_name": "tag"}
    offered = owner.get(reverse("admin:autocomplete"), {**query, "term": text}).json()["results"]
    assert [tag["text"].split(" · ")[0] for tag in offered] == ["École"]


@pytest.mark.parametrize("text", ["île", "ILE", "nord"])
@pytest.mark.parametrize("kind", [DeliveryZone, Depot])
def test_zone_and_depot_search_ignores_case(owner: Client, store, kind: type, text: str) -> None:
    for name in ("Nord-Île", "South"):
        kind.objects.create(store=store, name=name)
    url = reverse(f"admin:customers_{kind._meta.model_name}_changelist")
    results = owner.get(url, {"q": text}).context["cl"].result_list
    assert [row.name for row in results] == ["Nord-Île"]
    assert len(owner.get(url).context["cl"].result_list) == 2


def test_deleted_depot_makes_events_of_its_customers(owner: Client, store) -> None:
    depot = Depot.objects.create(store=store, name="North")
    served = CustomerFactory(store=store, default_depot_id=depot.pk)
    CustomerFactory(store=store)
    deleted = CustomerFactory(store=store, default_depot_id=depot.pk)
    delete_customer(Customer.objects.filter(pk=deleted.pk), SYSTEM)
    url = reverse("admin:customers_depot_delete", args=[depot.pk])
    owner.post(url, {"post": "yes"})
    assert not Depot.objects.exists()
    event = Event.objects.get(type="customer.updated")
    assert (event.customer_uid, event.changed) == (served.uid, ["default_depot_id"])
    assert event.before == {"default_depot_id": depot.pk}
    assert event.snapshot["default_depot_id"] is None
    assert event.actor_name == "owner"


def test_tag_counts_customers_not_deleted(owner: Client, store) -> None:
    live, deleted = (CustomerFactory(store=store, tags=["VIP"]) for _ in range(2))
    delete_customer(Customer.objects.filter(pk=deleted.pk), SYSTEM)
    (tag,) = owner.get(reverse("admin:customers_tag_changelist")).context["cl"].result_list
    assert tag.customer_count == 1
    behind = owner.get(reverse("admin:customers_customer_changelist"), {"tag": tag.pk})
    assert list(behind.context["cl"].result_list) == [live]
