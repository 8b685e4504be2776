"""What a customer's page names may go while the page is being saved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from customers.models import Address, Customer
from customers.services.delivery_zones import create_zone, delete_zone
from customers.services.depots import delete_depot
from stores.actors import SYSTEM
from stores.models import Depot
from tests.admin.pages import open_page, save
from tests.factories import AddressFields, CustomerFactory
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BLOCKED_BY_US = (
    "SELECT EXISTS (SELECT FROM pg_locks"
    " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


def wait_for_somebody() -> None:
    """Until another connection waits for what this one's transaction holds."""
    with connection.cursor() as cursor:
        until(lambda: cursor.execute(BLOCKED_BY_US).fetchone()[0], 10, "somebody came")


@pytest.mark.parametrize("noun", ["zone", "depot"])
def test_a_customer_is_put_where_nothing_is_by_the_time_of_saving(owner: Client, store, noun):
    zone, depot = create_zone(store, "Harbour"), Depot.objects.create(store=store, name="Dock")
    delete, change = {
        "zone": (partial(delete_zone, zone.as_queryset()), {"addresses-0-delivery_zone": zone.pk}),
        "depot": (partial(delete_depot, depot.as_queryset()), {"default_depot": depot.pk}),
    }[noun]
    customer = CustomerFactory(store=store, addresses=[AddressFields()])
    page = open_page(owner, "customers_customer", customer.pk)

    def put(**changes: Any) -> HttpResponse:
        try:
            return save(owner, page, **changes)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            delete(SYSTEM)
            saving = pool.submit(put, notes="Rings twice", **change)
            wait_for_somebody()
        answer = saving.result()
    assert "Somebody else changed it at the same moment" in answer.content.decode()
    assert Customer.objects.get().notes == ""
    assert Address.objects.get().delivery_zone is None
