"""Pages for unknown, malformed and forbidden URLs."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from stores.models import Store
from tests.admin.conftest import SignIn

LONG = "a" * 60_000


def says(page: HttpResponse, sentence: str) -> bool:
    """Return True when the page has the site's layout and this sentence."""
    text = page.content.decode()
    return (
        sentence in text and f'<a href="{reverse("admin:index")}">Go to the start page</a>' in text
    )


@pytest.mark.parametrize("path", ["/admin/shoes/", "/shoes"])
def test_unknown_page_is_404(owner: Client, path: str) -> None:
    page = owner.get(path)
    assert page.status_code == 404
    assert says(page, "This page does not exist")


@pytest.mark.parametrize(
    "path",
    [
        "orders/order/?payment_status__exact=%00",
        "stores/webhookdelivery/?status=a%00",
        "customers/customer/?q=a&email=%00",
        "autocomplete/?app_label=customers&model_name=tag&field_name=store&term=%00",
        f"autocomplete/?app_label=customers&model_name=tag&field_name=store&term={LONG}",
        f"stores/apikey/?q={LONG}",
    ],
)
def test_malformed_url_is_400(owner: Client, path: str) -> None:
    page = owner.get(f"/admin/{path}")
    assert page.status_code == 400
    assert says(page, "This address is not valid.")


def test_forbidden_page_is_403(sign_in: SignIn) -> None:
    page = sign_in("Viewer").get(reverse("admin:stores_apikey_changelist"))
    assert page.status_code == 403
    assert says(page, "You do not have the right to open this page.")


def test_form_without_csrf_token_is_403() -> None:
    page = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "anna"})
    assert page.status_code == 403
    assert says(page, "nothing was changed")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/shoes/", 404),
        ("/admin/customers/customer/99/change/", 404),
        ("/admin/stores/apikey/", 403),
        ("/admin/customers/customer/?email=%00", 400),
    ],
)
def test_error_page_keeps_name_and_navigation(
    sign_in: SignIn, store: Store, path: str, status: int
) -> None:
    page = sign_in("Viewer", store, first_name="Ann").get(path)
    text = page.content.decode()
    assert page.status_code == status
    assert "<strong>Ann</strong>" in text
    assert f'<a href="{reverse("admin:customers_customer_changelist")}"' in text
    assert f"Times are in the time zone {store.timezone}." in text


def test_page_of_an_expired_form_keeps_the_navigation(sign_in: SignIn) -> None:
    client = sign_in("Viewer")
    client.handler.enforce_csrf_checks = True
    page = client.post(reverse("admin:logout"))
    assert page.status_code == 403
    assert reverse("admin:customers_customer_changelist") in page.content.decode()


def test_nobody_else_sees_the_navigation(client: Client, db: None) -> None:
    page = client.get("/shoes")
    assert page.status_code == 404
    assert "Sign out" not in page.content.decode()
    assert reverse("admin:customers_customer_changelist") not in page.content.decode()


def test_forged_host_is_refused(client: Client, db: None) -> None:
    page = client.get("/admin/", headers={"Host": "evil.example"})
    assert page.status_code == 400
    assert says(page, "This address is not valid.")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"Accept": "application/json, text/plain, */*"},
        {"Authorization": "Bearer sk_live_x", "Accept": "*/*"},
        {"Content-Type": "application/json"},
    ],
)
@pytest.mark.parametrize("path", ["/api/custmers", "/storess/1/customers"])
def test_misspelt_path_answers_json_to_a_client_of_the_apis(
    path: str, headers: dict[str, str]
) -> None:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"]["code"] == "NOT_FOUND"


def test_misspelt_path_answers_a_page_to_a_browser() -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = Client().get("/api/custmers", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
