"""A customer's page links to the customer as each dialect shows it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client

from customers.dialects import registered_dialects
from tests.admin.conftest import SignIn
from tests.admin.pages import read_customer
from tests.factories import AddressFields, CustomerFactory

NAMES = [dialect.name for dialect in registered_dialects()]


def test_page_links_to_every_dialect(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    links = read_customer(owner, customer.pk).context["shown_as"]
    assert [url.split("/")[3] for _, url in links] == NAMES
    assert {title for title, _ in links} == {title for _, title in admin.site.dialects}


@pytest.mark.parametrize("name", NAMES)
def test_dialect_shows_the_customer_as_in_its_api(owner: Client, store, name: str) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", addresses=[AddressFields()])
    page = owner.get(f"/admin/as/{name}/{customer.pk}/")
    assert page.status_code == 200
    assert "Ann Lee" in page.context["body"]
    assert "not found" not in page.context["body"].lower()


def test_staff_have_no_rate_limit(owner: Client, store, settings) -> None:
    settings.RATE_LIMIT = "1/min"
    customer = CustomerFactory(store=store, name="Ann Lee")
    pages = [owner.get(f"/admin/as/erp/{customer.pk}/") for _ in range(3)]
    assert ["Ann Lee" in page.context["body"] for page in pages] == [True] * 3


def test_customer_of_another_store_is_404(sign_in: SignIn, store, other_store) -> None:
    customer = CustomerFactory(store=other_store)
    client = sign_in("Viewer", store)
    assert client.get(f"/admin/as/erp/{customer.pk}/").status_code == 404
    assert client.get(f"/admin/as/french/{customer.pk}/").status_code == 404
