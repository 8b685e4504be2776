"""The search in the head of every page of the back office."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Tag
from customers.models.customer_words import CustomerWordsQuerySet
from orders.models import Order
from stores.models import Store
from tests.admin.pages import CUSTOMER_LIST
from tests.factories import AddressFields, CustomerFactory, OrderFactory

PAGE, OPTIONS = reverse("admin:search"), reverse("admin:search_options")
KIND = re.compile(r"<h2[^>]*>(.*?)</h2>(.*?)</ul>", re.DOTALL)
NAME = re.compile(r"<strong>(.*?)</strong>")


@pytest.fixture
def deli(store: Store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Brett Baker",
        company="Essendon Deli",
        phone="0412 345 678",
        tags=["Delicatessen"],
        addresses=[AddressFields(line1="101 King Street")],
        contacts=[{"name": "Yusra Khatib", "email": "yusra@deli.example", "phone": "0499 111 222"}],
    )


def results(client: Client, text: str) -> dict[str, list[str]]:
    page = client.get(PAGE, {"q": text})
    assert page.status_code == 200
    kinds = KIND.findall(page.content.decode())
    return {unescape(kind): list(map(unescape, NAME.findall(rows))) for kind, rows in kinds}


def choices(client: Client, text: str) -> str:
    answer = client.get(OPTIONS, {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("baker essendon", {"Customers": ["Brett Baker"]}),
        ("khatib", {"Customers": ["Brett Baker"], "Contacts": ["Yusra Khatib"]}),
        ("khatib essendon", {"Customers": ["Brett Baker"], "Contacts": ["Yusra Khatib"]}),
        ("0499111222", {"Customers": ["Brett Baker"], "Contacts": ["Yusra Khatib"]}),
        ("delicat", {"Tags": ["Delicatessen"]}),
        ("101 king", {"Customers": ["Brett Baker"]}),
        ("nobody", {}),
        ("", {}),
        ("b", {}),
        ("\0", {}),
    ],
)
def test_all_kinds_are_searched(
    owner: Client, deli: Customer, text: str, expected: dict[str, list[str]]
) -> None:
    assert results(owner, text) == expected


def test_orders_are_found_by_number_id_and_customer(owner: Client, deli: Customer) -> None:
    order = OrderFactory(customer=deli)
    for text in (order.number, order.number.lower(), str(order.uid), "essendon"):
        assert results(owner, text)["Orders"] == [order.number]
    assert "Orders" not in results(owner, "SO-1999-7")


def test_a_result_leads_to_its_page(owner: Client, deli: Customer) -> None:
    order = OrderFactory(customer=deli)
    page = owner.get(PAGE, {"q": "khatib"}).content.decode()
    assert page.count(f'href="{reverse("admin:customers_customer_change", args=[deli.pk])}"') == 2
    assert f'href="{reverse("admin:orders_order_change", args=[order.pk])}"' in page
    tag = Tag.objects.get(store=deli.store_id)
    assert f'href="{CUSTOMER_LIST}?tag={tag.pk}"' in choices(owner, "delicat")


def test_choices_tell_namesakes_apart(owner: Client, store: Store, deli: Customer) -> None:
    CustomerFactory(store=store, name="Brett Baker", email="other@example.com")
    html = choices(owner, "brett baker")
    assert html.count('role="option"') == 2
    assert "Essendon Deli · 0412 345 678" in html
    assert "other@example.com" in html


def test_own_words_come_before_words_of_addresses(owner: Client, store: Store) -> None:
    CustomerFactory(store=store, name="Ann King")
    CustomerFactory(store=store, name="Bo Ray", addresses=[AddressFields(line1="1 King Street")])
    assert results(owner, "king")["Customers"] == ["Ann King", "Bo Ray"]


def test_choices_are_few_and_the_page_links_to_all(owner: Client, store: Store) -> None:
    for number in range(22):
        CustomerFactory(store=store, name=f"Ann Lee {number}", tags=[f"Lee {number}"])
    html = choices(owner, "lee")
    assert html.count('role="option"') == 10
    assert 'data-count="10"' in html
    page = owner.get(PAGE, {"q": "lee"}).content.decode()
    assert f'href="{CUSTOMER_LIST}?q=lee"' in page
    assert page.count("<strong>Ann Lee") == 20


def test_names_are_escaped(owner: Client, store: Store) -> None:
    CustomerFactory(store=store, name="<b>Bold</b> & Co")
    for path in (PAGE, OPTIONS):
        html = owner.get(path, {"q": "bold"}).content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in html
    assert "<b>" not in choices(owner, "<b>bold")


def test_people_find_rows_of_their_stores_only(
    sign_in: Any, owner: Client, deli: Customer, other_store: Store
) -> None:
    order = OrderFactory(customer=deli)
    elsewhere = sign_in("Manager", other_store)
    for text in ("baker", "khatib", "delicat", order.number, str(order.uid), str(deli.uid)):
        assert results(owner, text) != {}
        assert results(elsewhere, text) == {}


def test_people_find_only_what_they_may_see(sign_in: Any, store: Store, deli: Customer) -> None:
    OrderFactory(customer=deli)
    client = sign_in("Viewer", store, name="clerk")
    user = User.objects.get(username="clerk")
    user.groups.clear()
    assert client.get(PAGE, {"q": "deli"}).status_code == 403
    assert client.get(OPTIONS, {"q": "deli"}).status_code == 403
    assert 'class="find"' not in client.get("/admin/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_tag"))
    assert results(client, "deli") == {"Tags": ["Delicatessen"]}
    user.user_permissions.add(Permission.objects.get(codename="view_order"))
    assert results(client, "deli") == {"Tags": ["Delicatessen"]}
    user.user_permissions.add(Permission.objects.get(codename="view_customer"))
    assert set(results(client, "deli")) == {"Customers", "Orders", "Tags"}


def test_nobody_finds_anything_before_signing_in(client: Client, deli: Customer) -> None:
    for path in (PAGE, OPTIONS):
        assert client.get(path, {"q": "deli"}).status_code == 302


def test_deleted_customers_and_orders_are_not_offered(owner: Client, deli: Customer) -> None:
    OrderFactory(customer=deli)
    deli.as_queryset().update(deleted_at=deli.created_at, withdrawn_at=deli.created_at)
    Order.objects.filter(store=deli.store_id).update(withdrawn_at=deli.created_at)
    assert results(owner, "essendon") == {}


def test_every_page_has_the_field_with_the_text(owner: Client, deli: Customer) -> None:
    for path in ("/admin/", CUSTOMER_LIST, PAGE):
        assert f'action="{PAGE}"' in owner.get(path).content.decode()
    assert 'value="say &quot;hi&quot;"' in owner.get(PAGE, {"q": 'say "hi"'}).content.decode()


def test_number_of_queries_does_not_grow(
    owner: Client, store: Store, deli: Customer, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        customer = CustomerFactory(store=store, name=f"Brett {number}", contacts=[{"name": "Bo"}])
        OrderFactory(customer=customer)
    with django_assert_max_num_queries(13):
        choices(owner, "brett")


def test_a_search_that_takes_too_long_says_so(
    owner: Client, deli: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_too_long(*args: Any) -> None:
        raise OperationalError("interrupted") from None

    monkeypatch.setattr(CustomerWordsQuerySet, "having", take_too_long)
    monkeypatch.setattr("config.admin.search.answers.is_statement_timeout", lambda error: True)
    page = owner.get(PAGE, {"q": "deli"})
    assert page.status_code == 503
    assert "took too long" in page.content.decode()
    assert owner.get(OPTIONS, {"q": "deli"}).status_code == 503
