"""Personal data in events, which keep rows of customers and orders as JSON, and in the back office's log.

Of the JSON only columns that the registry knows and that stay are kept: an old snapshot may have columns that
the models no longer have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from customers.models import Customer, DeletedCustomer
from customers.privacy.personal_data.customer_tables import CUSTOMER, erased_name
from customers.privacy.personal_data.order_tables import ORDER, PAYMENT, erased_address
from customers.privacy.personal_data.tables import CODE, STAFF, PersonalTable, RowsBy
from customers.reads import ERASED, EXPIRED
from orders.models import Order
from stores.models import Event

Json = Mapping[str, Any]
KEPT_OF_ORDER = ("customer_uid", "lines", EXPIRED)  # beside its columns and its payments


@cache
def kept_columns(table: PersonalTable) -> frozenset[str]:
    """Return the columns of a table that an erasure leaves as they are."""
    return frozenset(column.attname for column in table.model._meta.concrete_fields) - {
        *table.erased
    }


def kept_json(table: PersonalTable, row: Json) -> dict[str, Any]:
    """Return what an erasure leaves as it is of a row that is kept as JSON."""
    return {name: value for name, value in row.items() if name in kept_columns(table)}


def erased_json(table: PersonalTable, customer: Customer, row: Json) -> dict[str, Any]:
    """Return a row that is kept as JSON without its personal data."""
    kept = kept_json(table, row)
    present = {name: row.get(name) for name in table.erased}
    erased = table.erased_values(customer, present)
    return kept | {name: value for name, value in erased.items() if name in row}


def is_of_order(snapshot: Json) -> bool:
    return "number" in snapshot  # customers have none


def erased_snapshot(customer: Customer, snapshot: Json) -> dict[str, Any]:
    if is_of_order(snapshot):
        payments = [erased_json(PAYMENT, customer, row) for row in snapshot.get("payments", ())]
        others = {name: snapshot[name] for name in KEPT_OF_ORDER if name in snapshot}
        return erased_json(ORDER, customer, snapshot) | others | {"payments": payments}
    return erased_json(CUSTOMER, customer, snapshot) | {ERASED: True}


def erased_before(customer: Customer, before: Json) -> dict[str, Any]:
    """Return the former values of a change that may stay; names are columns of a customer or of an order."""
    return expired_before(before)


def expired_snapshot(snapshot: Json) -> dict[str, Any]:
    """Return what a rule of retention leaves of a former state: no personal data, and a mark."""
    if is_of_order(snapshot):
        others = {name: snapshot[name] for name in KEPT_OF_ORDER if name in snapshot}
        payments = [kept_json(PAYMENT, row) for row in snapshot.get("payments", ())]
        address = erased_address(None, snapshot.get("shipping_address"))
        others |= {"payments": payments, "shipping_address": address}
        return kept_json(ORDER, snapshot) | others | {EXPIRED: True}
    return kept_json(CUSTOMER, snapshot) | {EXPIRED: True}


def expired_before(before: Json) -> dict[str, Any]:
    """Return the former values of a change that a rule of retention leaves."""
    kept = (kept_columns(CUSTOMER) | kept_columns(ORDER)) - {*CUSTOMER.erased, *ORDER.erased}
    return {name: value for name, value in before.items() if name in kept}


events_of = RowsBy(Event, "customer_uid", lambda customer: customer.uid)


class LogRows:
    """The entries of the back office's log about a customer or one of its orders."""

    def __call__(self, customer: Customer) -> QuerySet[Any]:
        return self.among([customer])

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        of_customer = ContentType.objects.get_for_models(
            Customer, DeletedCustomer, for_concrete_models=False
        ).values()
        keys = [customer.pk for customer in customers]
        orders = Order.objects.filter(store=customers[0].store_id, customer__in=keys).order_by()
        return LogEntry.objects.filter(
            Q(content_type__in=[kind.pk for kind in of_customer], object_id__in=map(str, keys))
            | Q(
                content_type=ContentType.objects.get_for_model(Order),
                object_id__in=[str(pk) for pk in orders.values_list("pk", flat=True)],
            )
        )


EVENT_TABLES = (
    PersonalTable(
        Event,
        "History",
        events_of,
        erased={"snapshot": erased_snapshot, "before": erased_before},
        kept={
            "type": CODE,
            "changed": "Names of columns, not their values.",
            "actor_kind": CODE,
            "actor_name": STAFF,
        },
    ),
    PersonalTable(
        LogEntry,
        "Log of the back office",
        LogRows(),
        erased={
            "object_repr": lambda customer, former: erased_name(customer),
            "change_message": "",
        },
        kept={"object_id": "The key of the row."},
    ),
)
