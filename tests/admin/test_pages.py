"""Every page of the back office opens, and holds no inline code."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.admin.conftest import SignIn
from tests.factories import AddressFields, ApiKeyFactory, CustomerFactory, LineFields

MODELS = [f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry]
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("model", MODELS)
def test_list_obeys_the_content_security_policy(owner: Client, model: str) -> None:
    page = owner.get(reverse(f"admin:{model}_changelist"))
    assert page.status_code == 200
    assert not INLINE.search(page.content.decode())
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]


# Lists that are not called as their model is: those of libraries, and the timeline of all.
OTHER_TITLES: dict[type[Model], str] = {
    AccessAttempt: "wrong passwords",
    AccessLog: "sign-ins",
    Event: "activity",
    Group: "roles",
    User: "people",
}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_list_is_titled_after_its_rows(owner: Client, model: type[Model]) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    title = owner.get(reverse(name)).context["title"]
    named = OTHER_TITLES.get(model) or str(model._meta.verbose_name_plural)
    assert title.lower() == named.lower()


def test_no_list_is_offered_of_a_log_that_is_not_kept(owner: Client) -> None:
    assert "Access failures" not in owner.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_add_form_opens_or_is_refused(owner: Client, model: str) -> None:
    page = owner.get(reverse(f"admin:{model}_add"))
    assert page.status_code in (200, 403)
    assert not INLINE.search(page.content.decode())


MOMENTS = {"customers_customer": "created_at", "orders_order": "placed_at"}
DATES = [
    {"year": 2024, "day": 31},
    {"day": 31},
    {"month": 13},
    {"year": 2024, "month": 0},
    {"year": 2024, "month": 2, "day": 31},
    {"year": 0},
    {"year": 1},
    {"year": 9999},
    {"year": 9999, "month": 12, "day": 31},
    {"year": "9" * 5000},
    {"year": "²"},
    {"year": "x", "month": "y"},
    {"gte": "yesterday"},
]


@pytest.mark.parametrize("model", MOMENTS)
@pytest.mark.parametrize("parts", DATES, ids=lambda parts: "-".join(map(str, parts.values()))[:20])
def test_list_opens_with_an_impossible_date(owner: Client, store, model: str, parts) -> None:
    customer = CustomerFactory(store=store)
    place_order(Customer.objects.filter(pk=customer.pk), SYSTEM, [LineFields()])
    query = {f"{MOMENTS[model]}__{part}": value for part, value in parts.items()}
    page = owner.get(reverse(f"admin:{model}_changelist"), query, follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("value", ["9" * 18, "9" * 19, "9" * 5000, "²", "٣", "-1", "0", "x"])
def test_pages_open_with_an_unknown_id_in_the_query(owner, store, value) -> None:
    CustomerFactory(store=store, tags=["VIP"])
    page = owner.get(reverse("admin:customers_customer_changelist"), {"tag": value})
    assert page.status_code == 200
    assert not page.context["cl"].result_list
    assert owner.get("/admin/", {"store": value}).context["store"] == store
    path = f"/admin/customers/customer/{value}/change/"
    assert owner.get(path).status_code == 404
    query = {"store__id__exact": value}
    for model in MODELS:
        assert (
            owner.get(reverse(f"admin:{model}_changelist"), query, follow=True).status_code == 200
        )


def test_start_and_customer_page_have_no_inline_code(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, addresses=[AddressFields()], tags=["VIP"])
    for path in ("/admin/", f"/admin/customers/customer/{customer.pk}/change/"):
        page = owner.get(path)
        assert page.status_code == 200
        assert not INLINE.search(page.content.decode())


def test_api_key_page_hides_the_secret(owner: Client, store) -> None:
    key = ApiKeyFactory(store=store)
    page = owner.get(reverse("admin:stores_apikey_change", args=[key.pk])).content.decode()
    assert key.key_id in page
    assert key.text not in page
    assert key.secret_hash not in page


def test_admin_without_slash_redirects(owner: Client) -> None:
    assert owner.get("/admin", follow=True).redirect_chain == [("/admin/", 302)]


def test_sign_in_page_has_a_security_policy(client: Client, db: None) -> None:
    page = client.get("/admin/login/")
    assert page.status_code == 200
    assert not INLINE.search(page.content.decode())
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_pages_are_titled_after_what_they_show(
    sign_in: SignIn, store: Store, customer: Customer
) -> None:
    page = reverse("admin:customers_customer_change", args=[customer.pk])
    deletion = reverse("admin:customers_customer_delete", args=[customer.pk])
    owner, viewer = sign_in(), sign_in("Viewer", store)
    for client, path, title in (
        (owner, page, "Ann Lee"),
        (owner, f"{page}?edit=person", "Edit Ann Lee"),
        (owner, deletion, "Delete Ann Lee"),
        (owner, reverse("admin:stores_store_change", args=[store.pk]), f"Edit {store}"),
        (viewer, reverse("admin:stores_store_change", args=[store.pk]), str(store)),
    ):
        text = client.get(path).content.decode()
        assert f"<title>{title} | Clientele</title>" in " ".join(text.split()), path
