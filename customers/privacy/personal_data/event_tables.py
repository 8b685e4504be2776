"""Personal data in events, which keep rows of customers and orders as JSON, and in the back office's log.

Of the JSON only columns that the registry knows and that stay are kept: an old snapshot may have columns that
the models no longer have.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from customers.models import Customer, DeletedCustomer
from customers.privacy.personal_data.customer_tables import CUSTOMER, erased_name
from customers.privacy.personal_data.order_tables import ORDER, PAYMENT
from customers.privacy.personal_data.tables import CODE, STAFF, PersonalTable
from customers.reads import ERASED
from orders.models import Order
from stores.models import Event

Json = Mapping[str, Any]


@cache
def kept_columns(table: PersonalTable) -> frozenset[str]:
    """Return the columns of a table that an erasure leaves as they are."""
    return frozenset(column.attname for column in table.model._meta.concrete_fields) - {
        *table.erased
    }


def erased_json(table: PersonalTable, customer: Customer, row: Json) -> dict[str, Any]:
    """Return a row that is kept as JSON without its personal data."""
    kept = {name: value for name, value in row.items() if name in kept_columns(table)}
    present = {name: row.get(name) for name in table.erased}
    erased = table.erased_values(customer, present)
    return kept | {name: value for name, value in erased.items() if name in row}


def erased_snapshot(customer: Customer, snapshot: Json) -> dict[str, Any]:
    if "number" in snapshot:  # only orders have one
        payments = [erased_json(PAYMENT, customer, row) for row in snapshot.get("payments", ())]
        others = {name: snapshot[name] for name in ("customer_uid", "lines") if name in snapshot}
        return erased_json(ORDER, customer, snapshot) | others | {"payments": payments}
    return erased_json(CUSTOMER, customer, snapshot) | {ERASED: True}


def erased_before(customer: Customer, before: Json) -> dict[str, Any]:
    """Return the former values of a change that may stay; names are columns of a customer or of an order."""
    kept = kept_columns(CUSTOMER) | kept_columns(ORDER)
    gone = {*CUSTOMER.erased, *ORDER.erased}
    return {name: value for name, value in before.items() if name in kept - gone}


def events_of(customer: Customer) -> QuerySet[Any]:
    return Event.objects.filter(store=customer.store_id, customer_uid=customer.uid)


def log_of(customer: Customer) -> QuerySet[Any]:
    """Return the entries of the back office's log about a customer or one of its orders."""
    of_customer = ContentType.objects.get_for_models(
        Customer, DeletedCustomer, for_concrete_models=False
    ).values()
    orders = Order.objects.filter(store=customer.store_id, customer=customer.pk).order_by()
    order_keys = [str(pk) for pk in orders.values_list("pk", flat=True)]
    of_order = ContentType.objects.get_for_model(Order)
    return LogEntry.objects.filter(
        Q(content_type__in=[kind.pk for kind in of_customer], object_id=str(customer.pk))
        | Q(content_type=of_order, object_id__in=order_keys)
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
        log_of,
        erased={
            "object_repr": lambda customer, former: erased_name(customer),
            "change_message": "",
        },
        kept={"object_id": "The key of the row."},
    ),
)
