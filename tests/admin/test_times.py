"""Times at the ends of the calendar, which may not exist in UTC or the store's time zone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from stores.models import ApiKey, Store
from stores.webhooks.endpoints import create_endpoint
from tests.admin.pages import errors_of, open_page, save, send
from tests.factories import CustomerFactory

TOO_FAR = "This is too far in the past or in the future."


def in_zone(store: Store, zone: str) -> None:
    """Set the store's time zone, and bind the signed-in user to this store."""
    Store.objects.filter(pk=store.pk).update(timezone=zone)
    User.objects.get().stores.add(store)


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Australia/Sydney"])
@pytest.mark.parametrize(("day", "is_kept"), [("9999-12-29", True), ("9999-12-31", False)])
def test_key_expiring_at_the_end_of_the_calendar(
    owner: Client, store: Store, zone, day, is_kept
) -> None:
    in_zone(store, zone)
    when = {"expires_at_0": day, "expires_at_1": "23:59:59"}
    page = save(owner, open_page(owner, "stores_apikey"), store=store.pk, name="Till", **when)
    assert (TOO_FAR in page.content.decode()) is not is_kept
    assert ApiKey.objects.exists() is is_kept
    in_zone(store, "Pacific/Kiritimati")
    assert owner.get(reverse("admin:stores_apikey_changelist")).status_code == 200


def test_customer_since_before_the_calendar(owner: Client, store: Store) -> None:
    in_zone(store, "Australia/Sydney")
    customer = CustomerFactory(store=store)
    page = open_page(owner, "customers_customer", customer.pk)
    page = save(owner, page, customer_since_0="0001-01-01", customer_since_1="00:00:00")
    assert TOO_FAR in errors_of(page)
    assert Customer.objects.get().version == 1


def test_redelivery_until_the_end_of_the_calendar(owner: Client, store: Store) -> None:
    in_zone(store, "America/New_York")
    endpoint, _ = create_endpoint(store, {"url": "https://example.com/in", "events": ["*"]})
    page = owner.get(reverse("admin:stores_webhookendpoint_redeliver", args=[endpoint.pk]))
    page = send(owner, page, before_0="9999-12-31", before_1="23:59:59")
    assert TOO_FAR in page.content.decode()
