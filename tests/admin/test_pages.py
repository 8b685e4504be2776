"""Every page of the back office opens, and runs nothing inline."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import AddressFields, ApiKeyFactory, CustomerFactory

MODELS = [f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry]
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("model", MODELS)
def test_a_list_opens_under_the_policy_against_inline_code(owner: Client, model: str) -> None:
    page = owner.get(reverse(f"admin:{model}_changelist"))
    assert page.status_code == 200
    assert not INLINE.search(page.content.decode())
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("model", MODELS)
def test_a_form_for_something_new_opens_or_is_refused(owner: Client, model: str) -> None:
    page = owner.get(reverse(f"admin:{model}_add"))
    assert page.status_code in (200, 403)
    assert not INLINE.search(page.content.decode())


def test_the_start_page_and_a_customer_run_nothing_inline(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, addresses=[AddressFields()], tags=["VIP"])
    for path in ("/admin/", f"/admin/customers/customer/{customer.pk}/change/"):
        page = owner.get(path)
        assert page.status_code == 200
        assert not INLINE.search(page.content.decode())


def test_an_api_key_page_never_shows_the_secret_again(owner: Client, store) -> None:
    key = ApiKeyFactory(store=store)
    page = owner.get(reverse("admin:stores_apikey_change", args=[key.pk])).content.decode()
    assert key.key_id in page
    assert key.text not in page
    assert key.secret_hash not in page


def test_the_back_office_is_found_without_the_slash(owner: Client) -> None:
    assert owner.get("/admin", follow=True).redirect_chain == [("/admin/", 302)]


def test_the_sign_in_page_is_under_the_policy(client: Client, db: None) -> None:
    page = client.get("/admin/login/")
    assert page.status_code == 200
    assert not INLINE.search(page.content.decode())
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
