"""The navigation: groups of pages that the user may see, with the current one marked."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.admin.navigation import GROUPS
from customers.models import Customer
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.factories import OrderFactory

LINK = re.compile(
    r'<a href="([^"]*)"( class="within")?( aria-current="page")?>(?:<svg.*?</svg>)?([^<]+)</a>'
)


def links(client: Client, url: str) -> list[tuple[str, bool, bool]]:
    """Return title, whether its group is open, and whether it is current, of each link beside the page."""
    html = client.get(url).content.decode()
    side = html[html.index('<nav id="side"') : html.index('<p class="zone">')]
    return [
        (title, bool(within), bool(current)) for _, within, current, title in LINK.findall(side)
    ]


def test_every_registered_model_is_in_the_navigation() -> None:
    linked = {page.model for group in GROUPS for page in group.pages}
    registered = {
        f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry
    }
    on_the_page_of_an_erasure = {"privacy_erasurereceipt"}
    assert linked == registered - on_the_page_of_an_erasure


def test_clerk_sees_no_connections(sign_in: SignIn, store: Store) -> None:
    titles = [title for title, _, _ in links(sign_in("Clerk", store), reverse("admin:index"))]
    assert titles == ["Today", "Customers", "Orders", "Money", "Activity", "Set-up"]


@pytest.mark.parametrize(
    ("query", "current"), [("", "All orders"), ("?due=unpaid", "Not paid in full")]
)
def test_the_list_that_is_shown_is_marked(owner: Client, query: str, current: str) -> None:
    url = reverse("admin:orders_order_changelist") + query
    assert [title for title, _, marked in links(owner, url) if marked] == [current]
    assert [title for title, within, _ in links(owner, url) if within] == ["Orders"]


def test_a_row_belongs_to_its_list(owner: Client, customer: Customer) -> None:
    order = OrderFactory(customer=customer)
    url = reverse("admin:orders_order_change", args=[order.pk])
    assert [title for title, _, marked in links(owner, url) if marked] == ["All orders"]


def test_only_the_current_group_shows_its_pages(owner: Client) -> None:
    titles = [title for title, _, _ in links(owner, reverse("admin:customers_tag_changelist"))]
    assert "Tags" in titles
    assert "API keys" not in titles
