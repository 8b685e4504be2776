"""What doors do with a customer that was merged into another."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import Account
from customers.services.customers import restore_customer
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
from stores.errors import NotFound
from tests.admin.pages import act, messages_of
from tests.factories import ApiKeyFactory, CustomerFactory

DELETED = reverse("admin:customers_deletedcustomer_changelist")


@pytest.fixture
def merged(store) -> Customer:
    survivor = CustomerFactory(store=store, name="Survivor")
    customer = CustomerFactory(store=store, name="Merged away")
    customer.as_queryset().update(merged_into=survivor, deleted_at=timezone.now())
    customer.refresh_from_db()
    return customer


def till(store, method: str, path: str):
    headers = {"Authorization": f"Bearer {ApiKeyFactory(store=store).text}"}
    return Client().generic(method, path, headers=headers)


def test_merged_customer_is_in_no_list_of_deleted(merged, store, admin_client) -> None:
    answer = till(store, "GET", "/customers?is_deleted=1")
    assert json.loads(answer.content)["data"] == []
    assert "Merged away" not in admin_client.get(DELETED).content.decode()


def test_merged_customer_is_not_restored(merged, admin_client) -> None:
    with pytest.raises(NotFound):
        restore_customer(merged.as_queryset(), SYSTEM)
    page = act(admin_client, "restore", merged, path=DELETED)
    assert messages_of(page) == ["0 customers restored."]
    merged.refresh_from_db()
    assert merged.deleted_at is not None


def test_posting_goes_to_the_survivor(merged) -> None:
    entry = post_entry(merged.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-5))
    assert entry.customer_id == merged.merged_into_id
    merged.refresh_from_db()
    assert merged.account_balance == 0
