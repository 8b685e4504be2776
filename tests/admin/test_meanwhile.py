"""Concurrent changes by two people: one of them waits for the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Address, Customer, DeliveryZone, Depot, Tag
from customers.services.customers import update_customer
from customers.services.delivery_zones import create_zone, delete_zone
from customers.services.depots import delete_depot
from customers.services.tags import create_tag, delete_tag
from stores.actors import SYSTEM
from stores.models import Event
from tests.admin.pages import open_page, save
from tests.factories import AddressFields, CustomerFactory
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BLOCKED_BY_US = (
    "SELECT EXISTS (SELECT FROM pg_locks"
    " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


def wait_for_blocked_connection() -> None:
    """Wait until another connection waits for a lock of this transaction."""
    with connection.cursor() as cursor:
        until(lambda: cursor.execute(BLOCKED_BY_US).fetchone()[0], 10, "somebody came")


def while_waiting(first: Callable[[], Any], second: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the response of `second`, which waits for the uncommitted `first`."""

    def run() -> HttpResponse:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(run)
            wait_for_blocked_connection()
        return waiting.result()


@pytest.mark.parametrize("noun", ["zone", "depot"])
def test_zone_or_depot_is_deleted_during_a_save(owner: Client, store, noun):
    zone, depot = create_zone(store, "Harbour"), Depot.objects.create(store=store, name="Dock")
    delete, change = {
        "zone": (partial(delete_zone, zone.as_queryset()), {"addresses-0-delivery_zone": zone.pk}),
        "depot": (partial(delete_depot, depot.as_queryset()), {"default_depot": depot.pk}),
    }[noun]
    customer = CustomerFactory(store=store, addresses=[AddressFields()])
    page = open_page(owner, "customers_customer", customer.pk)

    answer = while_waiting(
        partial(delete, SYSTEM), partial(save, owner, page, notes="Rings twice", **change)
    )
    assert "Somebody else changed it at the same moment" in answer.content.decode()
    assert Customer.objects.get().notes == ""
    assert Address.objects.get().delivery_zone is None


@pytest.mark.parametrize("model", [Tag, DeliveryZone])
def test_delete_skips_customers_that_lost_the_row(owner: Client, store, model):
    zone = create_zone(store, "Harbour")
    inside, outside = AddressFields(delivery_zone=zone), AddressFields()
    customer = CustomerFactory(store=store, tags=["Regular"], addresses=[inside])
    page = reverse(
        f"admin:{model._meta.label_lower.replace('.', '_')}_delete", args=[model.objects.get().pk]
    )
    answer = while_waiting(
        partial(
            update_customer,
            Customer.objects.filter(uid=customer.uid),
            SYSTEM,
            {"tags": [], "addresses": [outside]},
        ),
        partial(owner.post, page, {"post": "yes"}, follow=True),
    )
    assert "was deleted successfully" in answer.content.decode()
    assert not model.objects.exists()
    assert list(Event.objects.values_list("version", flat=True)) == [1, 2]


def test_tag_is_deleted_while_it_is_added(owner: Client, store):
    customer, tag = CustomerFactory(store=store), create_tag(store, "Regular")
    form = {
        "action": "add_tag",
        "_selected_action": [customer.pk],
        "confirmed": "yes",
        "tag": tag.pk,
    }
    answer = while_waiting(
        partial(delete_tag, tag.as_queryset(), SYSTEM),
        partial(owner.post, reverse("admin:customers_customer_changelist"), form, follow=True),
    )
    assert "1 not changed: Somebody else changed it at the same moment" in answer.content.decode()
    assert Customer.objects.get().version == 1
