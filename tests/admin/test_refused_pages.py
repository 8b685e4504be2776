"""What staff see where there is no page, or none for them."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.admin.conftest import SignIn

LONG = "a" * 60_000


def says(page: HttpResponse, sentence: str) -> bool:
    """Whether it is a page of the site, from which one can go on."""
    text = page.content.decode()
    return sentence in text and f'<a href="{reverse("admin:index")}">To the start page</a>' in text


@pytest.mark.parametrize("path", ["/admin/shoes/", "/shoes"])
def test_a_page_that_there_is_not(owner: Client, path: str) -> None:
    page = owner.get(path)
    assert page.status_code == 404
    assert says(page, "There is no such page")


@pytest.mark.parametrize(
    "path",
    [
        "orders/order/?payment_status__exact=%00",
        "stores/webhookdelivery/?status__exact=a%00",
        "customers/customer/?q=a&email=%00",
        "autocomplete/?app_label=customers&model_name=tag&field_name=store&term=%00",
        f"autocomplete/?app_label=customers&model_name=tag&field_name=store&term={LONG}",
        f"stores/apikey/?q={LONG}",
    ],
)
def test_an_address_that_no_database_takes(owner: Client, path: str) -> None:
    page = owner.get(f"/admin/{path}")
    assert page.status_code == 400
    assert says(page, "No page has an address like this one.")


def test_a_page_that_ones_rights_do_not_reach(sign_in: SignIn) -> None:
    page = sign_in("Viewer").get(reverse("admin:stores_apikey_changelist"))
    assert page.status_code == 403
    assert says(page, "Your rights do not go so far.")


def test_a_form_from_before_the_sign_in() -> None:
    page = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "anna"})
    assert page.status_code == 403
    assert says(page, "nothing was changed")
