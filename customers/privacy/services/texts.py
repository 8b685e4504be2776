"""The texts and addresses of a customer that other tables and the cache may repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from customers.geocoding import Query
from customers.models import Address, Customer
from customers.privacy.personal_data.event_tables import events_of
from customers.reads import Row, full_customer_row
from customers.services.addresses.columns import LOCATION_COLUMNS
from customers.services.addresses.geocoding import query_of

TEXT_KEYS = frozenset(
    {
        "name",
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "mobile",
        "cc_email",
        "tax_id",
        "line1",
        "formatted",
    }
)
MIN_LENGTH = 4  # shorter texts stand in too many others, which would be erased along with them


@dataclass(frozen=True)
class Traces:
    """What tells where else a customer's data may be: its rows, the texts in them, the places asked for."""

    customer: Customer
    snapshots: list[Row]
    texts: set[str]
    queries: set[Query]


def traces_of(customer: Customer) -> Traces:
    snapshots = snapshots_of(customer)
    queries = location_queries(customer, snapshots)
    return Traces(customer, snapshots, personal_texts(snapshots), queries)


def snapshots_of(customer: Customer) -> list[Row]:
    """Return the customer's row, and all that is kept of its former states as JSON."""
    events = events_of(customer).order_by("id").values_list("before", "snapshot")
    former = [part for pair in events for part in pair]
    return [full_customer_row(customer.store_id, customer.pk), *former]


def personal_texts(snapshots: list[Row]) -> set[str]:
    """Return the names, e-mails, phones and streets in these rows."""
    return {text for row in snapshots for text in texts_in(row) if len(text) >= MIN_LENGTH}


def texts_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and key in TEXT_KEYS:
                yield value
            yield from texts_in(value)
    elif isinstance(data, list):
        for part in data:
            yield from texts_in(part)


def location_queries(customer: Customer, snapshots: list[Row]) -> set[Query]:
    """Return what a geocoder was asked about the addresses in these rows."""
    return {
        query_of(Address(store=customer.store, **{name: row[name] for name in LOCATION_COLUMNS}))
        for row in addresses_in(snapshots)
    }


def addresses_in(data: Any) -> Iterator[Row]:
    if isinstance(data, dict):
        if data.keys() >= {*LOCATION_COLUMNS}:
            yield data
        data = [*data.values()]
    if isinstance(data, list):
        for part in data:
            yield from addresses_in(part)
