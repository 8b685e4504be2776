"""The answer to a create, and its event, are made of what was written; they must equal what is read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from customers.canonical import parse_email, phone_from_text
from customers.fields import CustomerFields
from customers.models import Customer, DeliveryZone
from customers.reads import Row, full_customer_row
from customers.services.creating_many import insert_customers, prepare_customer, publish_created
from customers.services.customers import create_customer
from customers.services.editing import unit_of_work
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.conformance.conftest import Caller
from tests.factories import StoreFactory

SYDNEY = timezone(timedelta(hours=10))
FIELDS: CustomerFields = {
    "name": "Zoë Ng",
    "company": "Ng & Co",
    "email": parse_email("Zoe@Bücher.example"),
    "phone": phone_from_text("0412 345 678", "AU"),
    "gender": 2,
    "birth_date": date(1990, 2, 28),
    "marketing_opt_in": True,
    "marketing_proof": {"valid_from": datetime(2024, 5, 1, 8, 30, 0, 123456, SYDNEY)},
    "discount_rate": Decimal("7.5"),
    "credit_limit": Decimal(1000),
    "customer_since": datetime(2020, 1, 1, tzinfo=SYDNEY),
    "tags": ["b", "a", "B"],
    "billing_address": {"line1": "1 Pitt St", "city": "Sydney", "state": "NSW"},
    "contacts": [
        {"name": "Ann", "is_primary": True},
        {"name": "Bob", "is_primary": True},
        {"name": "Cem", "is_primary": False},
    ],
}
ONE_ADDRESS: CustomerFields = {"delivery_address": {"line1": "2 Pitt St", "postcode": "2000"}}


def several_addresses(store: Store) -> CustomerFields:
    zone = DeliveryZone.objects.create(store=store, name="North", reference="N1")
    return {
        "addresses": [
            {"line1": "9 Long Rd", "latitude": Decimal("-33.5"), "longitude": Decimal("151.25")},
            {"line1": "3 Long Rd", "is_default": True, "delivery_zone": zone, "label": ""},
        ]
    }


def saved_rows() -> list[Row]:
    return [
        full_customer_row(*key)
        for key in Customer.objects.order_by("pk").values_list("store_id", "pk")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("has_list", [False, True])
def test_created_row_is_the_row_that_is_read(has_list: bool) -> None:
    store = StoreFactory()
    addresses = several_addresses(store) if has_list else ONE_ADDRESS
    row = create_customer(store, SYSTEM, {**FIELDS, **addresses})
    assert [row] == saved_rows()
    assert row["marketing_opt_in_at"].tzinfo is UTC
    snapshot = Event.objects.get(type="customer.created").snapshot
    assert snapshot == as_json(row)


@pytest.mark.django_db
def test_rows_created_together_are_the_rows_that_are_read() -> None:
    store = StoreFactory()
    others: CustomerFields = {"name": "Ann", "email": None, "contacts": [], "tags": ["b"]}
    prepared = [
        prepare_customer(store, SYSTEM, fields, source="import")
        for fields in ({**FIELDS, **ONE_ADDRESS}, others)
    ]
    with unit_of_work():
        insert_customers(store, prepared)
        publish_created(store, SYSTEM, prepared)
    assert [new.edit.row for new in prepared] == saved_rows()


def test_created_event_has_the_row_that_is_read(caller: Caller) -> None:
    caller.create()
    [row] = saved_rows()
    snapshot = Event.objects.get(type="customer.created").snapshot
    assert snapshot == as_json(row)


def as_json(row: Row) -> Row:
    """Return the row as an event keeps it."""
    return json.loads(json.dumps(row, cls=DjangoJSONEncoder))
