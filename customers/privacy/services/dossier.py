"""Everything about one customer, for the customer: the rows of the registry, and which systems got them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import BinaryField, Count, Max, Min

from customers.imports.models import ImportRow
from customers.models import Customer
from customers.privacy.personal_data import PERSONAL_TABLES, PersonalTable
from customers.privacy.services.systems import keys_that_reached
from stores.models import Event, WebhookDelivery

Rows = list[dict[str, Any]]
# Keys of other rows, and what the product computes for its own searches.
HIDDEN = frozenset({"id", "store_id", "customer_id", "search_text", "content_type_id"})
CONTACTS = "contacts"
# What an import said of the customer, also what was never written, such as one side of a conflict.
OF_IMPORTS = {
    "file": "job__name",
    "imported_at": "job__created_at",
    "line": "line",
    "label": "label",
    "action": "action",
    "matched_by": "matched_by",
    "in_the_file": "payload",
    "changes": "diff",
    "remarks": "issues",
    "repairs": "repairs",
    "outcome": "outcome",
    "before": "result",
    "kept": "kept",
}


def dossier_of(customer: Customer, *, with_contacts: bool = False) -> dict[str, Rows]:
    """Return the rows by the title of their table. Contacts are other people, so they are left out at first."""
    tables = [table for table in PERSONAL_TABLES if with_contacts or not table.belongs_to_others]
    # Those who were merged into the customer are the same person.
    merged = Customer.objects.filter(store=customer.store_id, merged_into=customer).order_by("pk")
    person = [customer, *merged]
    sections = {
        table.title: rows_of_person(partial(rows_of_table, table), person) for table in tables
    }
    sections["Rows of imports"] = rows_of_person(rows_of_imports, person)
    if not with_contacts:
        sections = {title: without_contacts(rows) for title, rows in sections.items()}
    sections["Systems that got messages"] = rows_of_person(receivers_of, person)
    sections["Systems that could read or write"] = rows_of_person(keys_of, person)
    return sections


def rows_of_person(rows_of: Callable[[Customer], Rows], person: list[Customer]) -> Rows:
    """Return the rows about each of these customers, those about two of them once."""
    rows = rows_of(person[0])
    for merged in person[1:]:
        rows += [row for row in rows_of(merged) if row not in rows]
    return rows


def rows_of_table(table: PersonalTable, customer: Customer) -> Rows:
    columns = [
        column.attname
        for column in table.model._meta.concrete_fields
        if column.attname not in HIDDEN and not isinstance(column, BinaryField)
    ]
    names = {**dict.fromkeys(columns), **table.exported}
    rows = table.rows(customer).order_by("pk").values_list(*columns, *table.exported.values())
    return [dict(zip(names, values, strict=True)) for values in rows]


def rows_of_imports(customer: Customer) -> Rows:
    rows = ImportRow.objects.filter(
        store=customer.store_id, customer=customer, job__store=customer.store_id
    )
    values = rows.order_by("job", "line").values_list(*OF_IMPORTS.values())
    return [dict(zip(OF_IMPORTS, row, strict=True)) for row in values]


def without_contacts(data: Any) -> Any:
    """Return the data without contacts, also in the snapshots of the history."""
    if isinstance(data, dict):
        return {key: without_contacts(value) for key, value in data.items() if key != CONTACTS}
    return [without_contacts(part) for part in data] if isinstance(data, list) else data


def receivers_of(customer: Customer) -> Rows:
    """Return the receivers of webhooks, with the first and the last time that they got something."""
    events = Event.objects.filter(store=customer.store_id, customer_uid=customer.uid)
    deliveries = WebhookDelivery.objects.filter(
        store=customer.store_id,
        event__store=customer.store_id,
        event__in=events.order_by().values("pk"),
        endpoint__store=customer.store_id,
    ).exclude(delivered_at=None)
    rows = (
        deliveries.order_by()
        .values("endpoint__url")
        .annotate(first=Min("delivered_at"), last=Max("delivered_at"), messages=Count("pk"))
    )
    return [
        {
            "system": row["endpoint__url"],
            "first": row["first"],
            "last": row["last"],
            "messages": row["messages"],
        }
        for row in rows
    ]


def keys_of(customer: Customer) -> Rows:
    """Return the API keys used since the customer came, with the changes that each made."""
    events = Event.objects.filter(
        store=customer.store_id, customer_uid=customer.uid, actor_kind="key"
    )
    by_key: list[Any] = list(
        events.order_by()
        .values("actor_id")
        .annotate(first=Min("created_at"), last=Max("created_at"), changes=Count("pk"))
    )
    changes = {row["actor_id"]: row for row in by_key}
    return [
        {
            "system": key.name,
            "last_used": key.last_used_at,
            "changes": changes.get(key.pk, {}).get("changes", 0),
            "first_change": changes.get(key.pk, {}).get("first"),
            "last_change": changes.get(key.pk, {}).get("last"),
        }
        for key in keys_that_reached(customer)
    ]
