"""Events whose snapshots lack present columns, or have removed ones, are still read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Model

from customers.dialects.storefront.webhooks.representations import body_of
from customers.models import Address, Contact, Customer, Tag
from orders.models import Order, OrderLine, Payment
from stores.models import Event
from tests.conformance.conftest import dig
from tests.upgrades.conftest import Book, open_timeline

UNKNOWN_KEYS = {"column_that_is_gone": "2019-01-01", "list_that_is_gone": [{"id": 1}]}
IDENTITY = {"id", "uid"}


@dataclass(frozen=True)
class Part:
    """A part of a snapshot, with the storefront's output when all later columns are missing."""

    event_type: str
    model: type[Model]
    path: str = ""  # dotted; "" is the snapshot itself
    lists: frozenset[str] = frozenset()  # lists of child rows in this part
    expected_data: dict[str, Any] = field(default_factory=dict)

    def later_keys(self) -> frozenset[str]:
        """Return the keys that a later release could have added: optional columns, and lists."""
        columns = [
            column
            for column in self.model._meta.concrete_fields
            if column.has_default() or column.null or column.blank
        ]
        names = {name for column in columns for name in (column.name, column.attname)}
        return names - IDENTITY | self.lists

    def row_in(self, snapshot: dict[str, Any]) -> dict[str, Any] | None:
        """Return this part of the snapshot; None or {} when it is missing."""
        try:
            return dig(snapshot, self.path) if self.path else snapshot
        except (IndexError, TypeError):
            return None


PARTS = {
    "customer": Part(
        "customer.updated",
        Customer,
        lists=frozenset({"addresses", "contacts", "tags"}),
        expected_data={"phone": None, "marketingOptIn": False, "addresses": []},
    ),
    "address": Part(
        "customer.updated", Address, "addresses.0", expected_data={"addresses.0.company": None}
    ),
    "contact": Part("customer.updated", Contact, "contacts.0"),
    "tag": Part("customer.updated", Tag, "tags.0"),
    "order": Part(
        "order.updated",
        Order,
        lists=frozenset({"lines", "payments"}),
        expected_data={
            "status": "pending",
            "merchantNote": None,
            "refundedAmount": "0.00",
            "items": [],
        },
    ),
    "line": Part("order.updated", OrderLine, "lines.0"),
    "payment": Part("order.updated", Payment, "payments.0"),
    "shipping address": Part(
        "order.updated",
        Address,
        "shipping_address",
        expected_data={"shippingAddress.company": None},
    ),
}
each_part = pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)


def age_event(part: Part) -> Event:
    """Return an event rewritten as a release with other columns would have stored it."""
    customers = Customer.objects.filter(withdrawn_at=None).values("uid")
    events = Event.objects.filter(type=part.event_type, customer_uid__in=customers)
    newest_first = events.select_related("store").order_by("-pk")
    event = next(event for event in newest_first if part.row_in(event.snapshot))
    row = part.row_in(event.snapshot)
    assert row is not None
    missing_keys = part.later_keys() & row.keys()
    assert missing_keys
    for name in missing_keys:
        del row[name]
    row |= UNKNOWN_KEYS
    event.save(update_fields=["snapshot"])
    return event


def check_data(part: Part, data: dict[str, Any], event: Event) -> None:
    assert (data["id"], data["version"]) == (str(event.subject_uid), event.version)
    assert {path: dig(data, path) for path in part.expected_data} == part.expected_data


@each_part
def test_feed_fills_in_defaults(book: Book, part: Part) -> None:
    event = age_event(part)
    client = next(client for client in book.stores if client.store == str(event.store.uid))
    page = client.ok("GET", f"/stores/{{store}}/events?after={event.pk - 1}&limit=1")
    (item,) = page["items"]
    assert item["id"] == event.pk
    check_data(part, item["data"], event)


@each_part
def test_webhook_fills_in_defaults(book: Book, part: Part) -> None:
    event = age_event(part)
    check_data(part, body_of(event)["data"], event)


@each_part
def test_timeline_shows_the_event(book: Book, part: Part) -> None:
    event = age_event(part)
    customer = Customer.objects.get(uid=event.customer_uid)
    assert event.version in [entry.version for entry in open_timeline(customer)]
