"""All rows of a migrated database are readable through every API and page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from customers.models import Customer
from orders.models import Order
from orders.models.allocation import Allocation
from orders.models.payment import PaymentKind
from stores.models import Event, IdempotentRequest
from stores.models.event_types import CUSTOMER_EVENTS, EVENT_TYPES, ORDER_EVENTS
from tests.conformance.conftest import dig
from tests.conformance.probes import PROBES, Probe
from tests.upgrades.client import StoreClient
from tests.upgrades.conftest import Book, open_timeline

PAGE_SIZE = 50


def feed(client: StoreClient) -> Iterator[dict[str, Any]]:
    """Read the feed of a store page by page to its end."""
    after = 0
    while True:
        path = f"/stores/{{store}}/events?after={after}&limit={PAGE_SIZE}"
        page = client.ok("GET", path)
        if not page["items"]:
            return
        yield from page["items"]
        after = page["next"]


def newest_data(client: StoreClient, *types: str) -> dict[str, dict[str, Any]]:
    """Return the data of the newest event of each subject."""
    return {item["data"]["id"]: item["data"] for item in feed(client) if item["type"] in types}


def test_feed_is_read_to_its_end(book: Book) -> None:
    types = set()
    for client in book.stores:
        items = list(feed(client))
        stored = Event.objects.filter(store__uid=client.store).order_by("pk")
        assert [item["id"] for item in items] == stored.column("pk")
        assert len(items) > PAGE_SIZE
        types |= {item["type"] for item in items}
    assert types == set(EVENT_TYPES)


def visible_orders(client: StoreClient, kind: str) -> list[Order]:
    """Return the orders with a payment of this kind."""
    orders = Order.objects.filter(store__uid=client.store, payments__kind=kind).visible()
    return list(orders)


def test_newest_event_equals_the_present_order(book: Book) -> None:
    for client in book.stores:
        events = newest_data(client, *ORDER_EVENTS)
        visible = Order.objects.filter(store__uid=client.store).visible().column("uid")
        put_on_account = {str(order.uid) for order in visible_orders(client, PaymentKind.CHARGE)}
        assert len(visible) > 10
        assert len(put_on_account) == 1
        allocations = Allocation.objects.filter(store__uid=client.store)
        paid_by_account = {str(uid) for uid in allocations.values_list("charge__uid", flat=True)}
        for uid in map(str, visible):
            order = client.ok("GET", f"/stores/{{store}}/orders/{uid}")["item"]
            if uid in put_on_account | paid_by_account:  # migrations settle them without an event
                for name in ("paymentStatus", "amountPaid", "amountDue"):
                    order.pop(name)
            assert {name: events[uid][name] for name in order} == order


def test_newest_event_equals_the_present_customer(book: Book) -> None:
    for client in book.stores:
        events = newest_data(client, *CUSTOMER_EVENTS)
        live = Customer.objects.filter(store__uid=client.store).live().column("uid")
        for uid in map(str, live):
            customer = client.ok("GET", f"/stores/{{store}}/customers/{uid}")["item"]
            # orders change these columns too, and make their own events
            for name in ("updatedAt", "orderCount", "totalSpent"):
                customer.pop(name, None)
            assert {name: events[uid][name] for name in customer} == customer


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_each_dialect_reads_every_customer(book: Book, probe: Probe) -> None:
    for client in book.stores:
        rows = client.ok("GET", probe.collection)
        ids = [row["id"] for row in (dig(rows, probe.rows_at) if probe.rows_at else rows)]
        assert len(ids) == Customer.objects.filter(store__uid=client.store).live().count() > 5
        for customer in ids:
            assert client.ok("GET", f"{probe.collection}/{customer}")


def test_dialects_with_orders_read_every_order(book: Book) -> None:
    for client in book.stores:
        count = Order.objects.filter(store__uid=client.store).visible().count()
        listed = client.ok("GET", "/stores/{store}/orders")
        assert len(listed["items"]) == listed["total"] == count
        ids = [customer["id"] for customer in client.ok("GET", "/api/customers")["data"]]
        pages = [client.ok("GET", f"/api/customers/{customer}/orders") for customer in ids]
        assert sum(len(page["data"]) for page in pages) == count


def test_back_office_opens_every_timeline(book: Book) -> None:
    for customer in Customer.objects.filter(withdrawn_at=None):
        events = Event.objects.filter(customer_uid=customer.uid).order_by("-pk")
        versions = [entry.version for entry in open_timeline(customer)]
        assert versions == events.column("version")


def test_stored_answers_are_replayed(book: Book) -> None:
    count = IdempotentRequest.objects.count()
    assert count == len(book.answers) > 20
    for client, stored in book.answers:
        key = {"Idempotency-Key": f"first-of:{stored['path']}"}
        response = client.call("POST", stored["path"], stored["body"], **key)
        assert response.json() == stored["answer"]
        assert response.headers["Idempotency-Replayed"] == "true"
    assert IdempotentRequest.objects.count() == count


@pytest.mark.parametrize("command", ["verify_ledger", "verify_outbox"])
def test_verification_finds_no_fault(book: Book, command: str) -> None:
    call_command(command, stdout=io.StringIO())  # raises at the first fault
