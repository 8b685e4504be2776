"""Each row of each list of the back office opens the page of that row."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from customers.models import LedgerEntry
from orders.models import CreditCheck
from orders.models.report import Report
from stores.models import Event, Store, WebhookDelivery
from tests.admin.rows import ROWS
from tests.factories import ApiKeyFactory

# A report is no row: its page is named after the report.
WITH_ROWS = [model for model in admin.site._registry if model is not Report]


@pytest.mark.parametrize("model", WITH_ROWS, ids=lambda model: model.__name__)
def test_each_row_of_a_list_can_be_opened(owner: Client, store: Store, model: Any) -> None:
    row = ROWS[model](store)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = owner.get(reverse(f"{name}_changelist")).content.decode()
    url = reverse(f"{name}_change", args=[row.pk])
    assert f'<a href="{url}"' in page
    assert owner.get(url, follow=True).status_code == 200


@pytest.mark.parametrize("model", [CreditCheck, Event, LedgerEntry, WebhookDelivery])
def test_read_only_row_links_to_no_history(owner: Client, store, model) -> None:
    row = ROWS[model](store)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = owner.get(reverse(f"{name}_change", args=[row.pk])).content.decode()
    assert (reverse(f"{name}_history", args=[row.pk]) in page) == (model is WebhookDelivery)


def test_history_without_changes_says_so(owner: Client, store: Store) -> None:
    url = reverse("admin:stores_apikey_history", args=[ApiKeyFactory(store=store).pk])
    assert "No changes in the back office yet." in owner.get(url).content.decode()
