"""Staff bound to stores see and change only those, on every page."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, DeliveryZone, Depot
from orders.services.customers import delete_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import open_page, save
from tests.factories import ApiKeyFactory, CustomerFactory, LineFields

LIST = reverse("admin:customers_customer_changelist")


@pytest.fixture
def ours(store: Store) -> Customer:
    return CustomerFactory(store=store, name="Ann Ours", tags=["Regular"])


@pytest.fixture
def theirs(other_store: Store) -> Customer:
    return CustomerFactory(store=other_store, name="Ann Theirs", tags=["Foreign"])


@pytest.fixture
def bound(sign_in: SignIn, store: Store) -> Client:
    return sign_in("Administrator", store)


def names(page) -> list[str]:
    return sorted(str(row) for row in page.context["cl"].result_list)


def test_list_and_search_show_own_customers_only(bound, ours, theirs) -> None:
    assert names(bound.get(LIST)) == ["Ann Ours"]
    assert names(bound.get(LIST, {"q": "ann"})) == ["Ann Ours"]
    page = bound.get(LIST, {"store__id__exact": theirs.store_id})
    assert "Ann Theirs" not in page.content.decode()


@pytest.mark.parametrize("model", ["orders_order", "orders_creditcheck", "customers_ledgerentry"])
def test_customer_search_reads_own_stores_only(bound, ours, model) -> None:
    with CaptureQueriesContext(connection) as queries:
        bound.get(reverse(f"admin:{model}_changelist"), {"q": "ann"})
    searches = [query["sql"] for query in queries if "customers_customerwords" in query["sql"]]
    assert searches
    assert all(f'"store_id" = {ours.store_id}' in sql for sql in searches)


def test_filters_offer_rows_of_own_stores_only(bound, ours, theirs) -> None:
    page = bound.get(LIST).content.decode()
    assert "Regular" in page
    assert "Foreign" not in page
    assert theirs.store.name not in page


def test_superuser_sees_all_or_their_bound_stores(sign_in, ours, theirs) -> None:
    assert names(sign_in(name="free").get(LIST)) == ["Ann Ours", "Ann Theirs"]
    assert names(sign_in(None, ours.store, name="bound").get(LIST)) == ["Ann Ours"]


def test_staff_without_a_store_see_nothing(sign_in, ours) -> None:
    client = sign_in("Administrator")
    assert names(client.get(LIST)) == []
    assert "You have no store yet." in client.get("/admin/").content.decode()
    assert open_page(client, "customers_customer", ours.pk).status_code == 404


def test_staff_of_two_stores_see_only_those(sign_in, ours, theirs) -> None:
    CustomerFactory(name="Ann Third")
    client = sign_in("Viewer", ours.store, theirs.store)
    assert names(client.get(LIST)) == ["Ann Ours", "Ann Theirs"]


LISTS = [
    f"admin:{rows}_changelist"
    for rows in (
        "customers_customer",
        "customers_deletedcustomer",
        "customers_ledgerentry",
        "customers_tag",
        "orders_creditcheck",
        "orders_order",
        "stores_apikey",
        "customers_deliveryzone",
        "customers_depot",
        "stores_event",
        "stores_webhookdelivery",
        "stores_webhookendpoint",
    )
]


@pytest.mark.parametrize("rows", LISTS)
def test_store_column_is_for_staff_of_several_stores(
    sign_in, store, other_store, rows: str
) -> None:
    of_two = sign_in("Administrator", store, other_store, name="two").get(reverse(rows))
    of_one = sign_in("Administrator", store, name="one").get(reverse(rows))
    assert "store" in of_two.context["cl"].list_display
    assert "store" not in of_one.context["cl"].list_display


def test_equal_order_numbers_show_their_store(sign_in, ours, theirs) -> None:
    for customer in (ours, theirs):
        place_order(Customer.objects.filter(pk=customer.pk), SYSTEM, [LineFields()])
    client = sign_in("Viewer", ours.store, theirs.store)
    page = client.get(reverse("admin:orders_order_changelist")).content.decode()
    for row in (ours, theirs):
        assert f'data-label="Store">{row.store}</td>' in page


@pytest.mark.parametrize("view", ["change", "delete", "history"])
def test_foreign_customer_is_404(bound, theirs, view: str) -> None:
    url = reverse(f"admin:customers_customer_{view}", args=[theirs.pk])
    assert bound.get(url).status_code == 404
    assert bound.post(url, {"post": "yes"}).status_code == 404
    assert Customer.objects.get(pk=theirs.pk).version == theirs.version


@pytest.mark.parametrize("button", ["post", "check", "geocode", "restore"])
def test_foreign_customers_buttons_are_404(bound, theirs, button: str) -> None:
    url = reverse(f"admin:customers_customer_{button}", args=[theirs.pk])
    assert bound.post(url).status_code == 404


def test_foreign_orders_keys_tags_and_stores_are_404(bound, theirs) -> None:
    own = Customer.objects.filter(pk=theirs.pk)
    order = place_order(own, SYSTEM, [LineFields()])
    key = ApiKeyFactory(store=theirs.store)
    assert open_page(bound, "orders_order", order["id"]).status_code == 404
    assert bound.post(reverse("admin:orders_order_pay", args=[order["id"]])).status_code == 404
    assert open_page(bound, "stores_apikey", key.pk).status_code == 404
    assert bound.post(reverse("admin:stores_apikey_revoke", args=[key.pk])).status_code == 404
    assert open_page(bound, "customers_tag", theirs.tags.get().pk).status_code == 404
    assert open_page(bound, "stores_store", theirs.store_id).status_code == 404


def test_bound_staff_see_no_administrator_keys(bound, sign_in) -> None:
    key = ApiKeyFactory(store=None)
    assert open_page(bound, "stores_apikey", key.pk).status_code == 404
    assert open_page(sign_in(), "stores_apikey", key.pk).status_code == 200


def test_autocomplete_offers_own_customers_only(bound, ours, theirs) -> None:
    query = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": "ann"}
    completions = json.loads(bound.get(reverse("admin:autocomplete"), query).content)
    assert [row["text"].partition(" · ")[0] for row in completions["results"]] == ["Ann Ours"]


def test_autocomplete_hides_deleted_customers(bound, ours) -> None:
    delete_customer(Customer.objects.filter(pk=ours.pk), SYSTEM)
    query = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": "ann"}
    assert not json.loads(bound.get(reverse("admin:autocomplete"), query).content)["results"]


def test_action_skips_foreign_rows(bound, ours, theirs) -> None:
    data = {"action": "suspend", "_selected_action": [ours.pk, theirs.pk], "index": 0}
    bound.post(LIST, data)
    assert not Customer.objects.get(pk=ours.pk).is_active
    assert Customer.objects.get(pk=theirs.pk).is_active


def test_foreign_store_zone_or_tag_is_refused(bound, ours, theirs) -> None:
    page = open_page(bound, "customers_customer")
    answer = save(bound, page, store=theirs.store_id, first_name="New")
    assert "store" in answer.context["adminform"].form.errors
    page = open_page(bound, "customers_customer", ours.pk)
    answer = save(bound, page, tag_list=[theirs.tags.get().pk])
    assert "tag_list" in answer.context["adminform"].form.errors
    assert not Customer.objects.filter(first_name="New").exists()


def test_guessed_id_reveals_no_foreign_tag_name(bound, ours, theirs) -> None:
    data = {"store": ours.store_id, "tag_list": [theirs.tags.get().pk]}
    for page in (
        open_page(bound, "customers_customer"),
        open_page(bound, "customers_customer", ours.pk),
    ):
        answer = save(bound, page, **data)
        assert "tag_list" in answer.context["adminform"].form.errors
        assert "Foreign" not in answer.content.decode()


def test_tag_of_other_bound_store_is_refused(sign_in, ours, theirs) -> None:
    client = sign_in("Manager", ours.store, theirs.store)
    data = {"store": ours.store_id, "first_name": "New", "currency": "AUD"}
    data |= {"tag_list": [theirs.tags.get().pk]}
    answer = save(client, open_page(client, "customers_customer"), **data)
    assert "Select tags of the customer's store." in answer.context["errors"][0]


def test_depot_of_other_bound_store_is_refused(sign_in, ours, theirs) -> None:
    depot = Depot.objects.create(store=theirs.store, name="Dock")
    client = sign_in("Manager", ours.store, theirs.store)
    data = {"store": ours.store_id, "first_name": "New", "currency": "AUD"}
    answer = save(client, open_page(client, "customers_customer"), **data, default_depot=depot.pk)
    assert "Select a depot of the customer's store." in answer.context["errors"][0]
    assert not Customer.objects.filter(first_name="New").exists()


def test_zone_of_other_bound_store_is_refused(sign_in, ours, theirs) -> None:
    zone = DeliveryZone.objects.create(store=theirs.store, name="North")
    client = sign_in("Manager", ours.store, theirs.store)
    page = open_page(client, "customers_customer", ours.pk)
    row = {"line1": "1 George Street", "delivery_zone": zone.pk}
    new = {f"addresses-0-{name}": value for name, value in row.items()}
    answer = save(client, page, **{"addresses-TOTAL_FORMS": 1}, **new)
    assert "Select a valid choice" in answer.content.decode()
    assert not ours.addresses.exists()


def test_foreign_deleted_customer_is_not_restored(bound, theirs) -> None:
    delete_customer(Customer.objects.filter(pk=theirs.pk), SYSTEM)
    url = reverse("admin:customers_deletedcustomer_changelist")
    assert names(bound.get(url)) == []
    bound.post(url, {"action": "restore", "_selected_action": [theirs.pk], "index": 0})
    assert Customer.objects.get(pk=theirs.pk).deleted_at is not None


def test_start_page_shows_no_other_store(bound, ours, theirs) -> None:
    page = bound.get("/admin/", {"store": theirs.store_id})
    assert page.context["store"] == ours.store
    assert theirs.store.name not in page.content.decode()
