"""Queries of the list of customers, and sorting of long lists."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.pages import messages_of, save
from tests.factories import AddressFields, CustomerFactory, LineFields

LIST = reverse("admin:customers_customer_changelist")


# --- how many queries


def queries_of(client: Client, path: str) -> list[str]:
    client.get(path)  # fills the caches
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def test_list_takes_14_queries_for_any_number_of_rows(sign_in, store) -> None:
    client = sign_in("Manager", store)
    CustomerFactory(store=store, tags=["VIP"], addresses=[AddressFields()])
    assert len(queries_of(client, LIST)) == 14
    for number in range(50):
        CustomerFactory(store=store, tags=["VIP", f"Tag {number}"], addresses=[AddressFields()])
    queries = queries_of(client, LIST)
    assert len(queries) == 14
    assert all("LIMIT" in sql for sql in queries if "COUNT(*)" in sql)


def test_customer_page_takes_27_queries_for_any_size(sign_in, store) -> None:
    client = sign_in("Manager", store)
    few = CustomerFactory(store=store, tags=["VIP"], addresses=[AddressFields()])
    page = reverse("admin:customers_customer_change", args=[few.pk])
    # Without orders, more queries look for charges of a till and payments that bounced.
    assert len(queries_of(client, page)) == 30
    many = CustomerFactory(
        store=store,
        tags=[f"Tag {number}" for number in range(9)],
        addresses=[AddressFields() for _ in range(9)],
        contacts=[{"name": f"Person {number}"} for number in range(9)],
        is_account_enabled=True,
    )
    for _ in range(9):
        place_order(many.as_queryset(), SYSTEM, [LineFields(), LineFields()], on_account=True)
    page = reverse("admin:customers_customer_change", args=[many.pk])
    assert len(queries_of(client, page)) == 27


def test_count_stops_at_the_last_page(owner: Client, store, monkeypatch) -> None:
    monkeypatch.setattr("stores.admin.paging.MAX_ROWS", 60)
    for number in range(70):
        CustomerFactory(store=store, name=f"Customer {number}")
    page = owner.get(LIST)
    assert page.context["cl"].result_count == 60
    assert "more than 60" in page.content.decode()
    assert len(owner.get(LIST, {"p": 2}).context["cl"].result_list) == 10


# --- long lists


@pytest.fixture
def long_list(monkeypatch, store) -> None:
    monkeypatch.setattr("stores.admin.paging.MAX_ROWS", 2)
    for name, spent in (("Ann", 3), ("Bo", 1), ("Cy", 2)):
        CustomerFactory(store=store, name=name).as_queryset().update(total_spent=spent)


def sorted_names(page: HttpResponse) -> list[str]:
    return [str(row) for row in page.context["cl"].result_list]


def column(page: HttpResponse, name: str) -> str:
    """Return the value of the URL's sort parameter for a column."""
    return str(page.context["cl"].list_display.index(name))


def test_long_list_of_a_store_sorts_by_indexed_column(sign_in, store, long_list) -> None:
    client = sign_in("Clerk", store)
    spent = column(client.get(LIST), "spent")
    assert sorted_names(client.get(LIST, {"o": spent})) == ["Bo", "Cy"]
    assert sorted_names(client.get(LIST, {"o": f"-{spent}"})) == ["Ann", "Cy"]


def test_range_filter_sorts_by_its_column(sign_in, store) -> None:
    client = sign_in("Clerk", store)
    for name, days, owed in (("Ann", 50, 95), ("Bo", 10, 99), ("Cy", 20, 90)):
        customer = CustomerFactory(
            store=store, name=name, is_account_enabled=True, credit_limit=Decimal(100)
        )
        placed = timezone.now() - timedelta(days=days)
        price = LineFields(quantity=1, unit_price=Decimal(owed))
        place_order(customer.as_queryset(), SYSTEM, [price], placed_at=placed, on_account=True)
    assert sorted_names(client.get(LIST, {"last_order": "90"})) == ["Bo", "Cy", "Ann"]
    assert sorted_names(client.get(LIST, {"owing": "near"})) == ["Bo", "Ann", "Cy"]
    assert sorted_names(client.get(LIST, {"owing": "over"})) == []


def test_only_lists_of_all_stores_use_their_index(owner: Client, store) -> None:
    CustomerFactory(store=store)
    year = f"created_at__year={timezone.now().year}"
    for query, anywhere in ((year, True), (f"{year}&store__id__exact={store.pk}", False)):
        rows = [sql for sql in queries_of(owner, f"{LIST}?{query}") if "ORDER BY" in sql]
        assert any('."id" > 0' in sql for sql in rows) is anywhere
        assert len(owner.get(f"{LIST}?{query}").context["cl"].result_list) == 1


def test_the_filtered_list_is_one_click_from_a_saved_row(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    page = owner.get(LIST, {"q": "ann", "o": "1"}).content.decode()
    [link] = re.findall(rf'href="([^"]*/{customer.pk}/change/[^"]*)"', page)
    page = owner.get(link).content.decode()
    [edit] = re.findall(r'href="([^"]*edit=all[^"]*)"', page)
    saved = save(owner, owner.get(link.split("?")[0] + unescape(edit)), first_name="Anna")
    assert f'href="{LIST}?q=ann&amp;o=1"' in saved.content.decode()


def test_filtered_rows_are_fetched_once(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann Lee")
    by_keys = re.compile(r'"customers_customer"\."id" IN \(\d')
    for text, count in (
        ("ann lee", 1),
        ("bob ray", 0),
    ):  # with a space, which session data never has
        assert sorted_names(owner.get(LIST, {"q": text})) == ["Ann Lee"] * count
        asked = queries_of(owner, f"{LIST}?q={quote(text)}")
        # Estimates fetch nothing.
        queries = [sql for sql in asked if not sql.startswith(("EXPLAIN", "SELECT COUNT"))]
        assert len([sql for sql in queries if "customers_customerwords" in sql]) == 1
        assert len([sql for sql in queries if by_keys.search(sql)]) == count


def test_few_rows_are_sorted_by_any_column(owner: Client, store, long_list) -> None:
    orders = column(owner.get(LIST), "orders_placed")
    page = owner.get(LIST, {"o": orders, "spent_from": "2"})
    assert sorted_names(page) == ["Ann", "Cy"]
    assert messages_of(page) == []


def test_many_rows_are_not_sorted_by_what_has_no_index(owner: Client, store, long_list) -> None:
    orders = column(owner.get(LIST), "orders_placed")
    page = owner.get(LIST, {"o": orders})
    assert sorted_names(page) == ["Cy", "Bo"]
    assert messages_of(page) == [
        "Cannot sort more than 2 rows by this. Choose a store or a filter first."
    ]


def test_customers_without_orders_sort_last(owner: Client, store) -> None:
    for name, count in (("None", 0), ("Two", 2), ("One", 1)):
        customer = CustomerFactory(store=store, name=name)
        for _ in range(count):
            place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    page = owner.get(LIST)
    ordered, last = column(page, "orders_placed"), column(page, "last_order")
    assert sorted_names(owner.get(LIST, {"o": f"-{ordered}"})) == ["Two", "One", "None"]
    assert sorted_names(owner.get(LIST, {"o": ordered})) == ["None", "One", "Two"]
    assert sorted_names(owner.get(LIST, {"o": f"-{last}"})) == ["One", "Two", "None"]
    assert sorted_names(owner.get(LIST, {"o": last})) == ["None", "Two", "One"]


def test_order_date_uses_the_stores_time_zone(sign_in, store) -> None:
    Store.objects.filter(pk=store.pk).update(timezone="Australia/Sydney")
    customer = CustomerFactory(store=store, name="Ann")
    evening = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    place_order(customer.as_queryset(), SYSTEM, [LineFields()], placed_at=evening)
    client = sign_in("Viewer", store)
    assert "22 Nov 2026" in client.get(LIST).content.decode()
    page = client.get(reverse("admin:orders_order_changelist")).content.decode()
    assert "22 Nov 2026, 07:30" in page
