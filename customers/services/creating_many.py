"""Create many customers in one transaction with few statements.

Each is checked, written and told of by the functions of `create_customer`; their new rows are collected, and
inserted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from customers.fields import CustomerFields, require_known
from customers.models import Customer, Tag
from customers.reads import new_customer_row
from customers.services import tags
from customers.services.assigning import COLUMNS
from customers.services.consent_history import first_choice
from customers.services.customer_words import save_words_of_new
from customers.services.customers import assign_children, new_edit
from customers.services.editing import Edit, Subject
from customers.services.match_keys import create_match_keys
from customers.services.reference_locks import has_references, lock_references
from stores.actors import Actor
from stores.database.bulk_inserts import insert_many
from stores.models import Store
from stores.models.base import TenantModel
from stores.outbox import publish_many


class NewCustomer(NamedTuple):
    edit: Edit
    fields: CustomerFields


def prepare_customer(
    store: Store, actor: Actor, fields: CustomerFields, *, source: str
) -> NewCustomer:
    """Check what can be checked before the transaction, which so is short for others who wait to write.

    Of what else is in the book, the fields may name tags. Raises Invalid.
    """
    require_known(fields, CustomerFields, COLUMNS.keys())
    others = {name: value for name, value in fields.items() if name != "tags"}
    assert not has_references(others), "their locks have an order"  # noqa: S101
    return NewCustomer(new_edit(store, actor, fields, source), fields)


def insert_customers(store: Store, prepared: Sequence[NewCustomer]) -> list[Customer]:
    """Write customers of one store with all that belongs to them, in this order. Return them.

    Call it in a `unit_of_work` that ends with `publish_created`. Raises Invalid and Conflict as
    `create_customer` does.
    """
    names = [name for new in prepared for name in new.fields.get("tags", ())]
    known = lock_tags(store, names)
    customers = [new.edit.customer for new in prepared]
    insert_many(customers)
    collected: list[TenantModel] = []
    for new in prepared:
        collect(new, known, collected)
    for _, rows in groupby(sorted(collected, key=table_of), table_of):
        insert_many(list(rows))
    return customers


def lock_tags(store: Store, names: list[str]) -> dict[str, Tag]:
    """Return the tags of these names by their key, the missing ones created. Raises Invalid `blank_tag`."""
    if not names:
        return {}
    lock_references(store, {"tags": names})
    return {tag.key: tag for tag in tags.tags_named(store, names)}


def collect(new: NewCustomer, known: dict[str, Tag], collected: list[TenantModel]) -> None:
    """Set what belongs to an inserted customer; its rows that can wait are added to `collected`."""
    edit, fields = new
    edit.collected = collected
    if edit.customer.marketing_opt_in_at:
        collected.append(first_choice(edit.customer, edit.actor, fields))
    assign_children(
        edit, fields, find_tags=lambda store, names: [known[Tag.key_of(name)] for name in names]
    )


def table_of(row: TenantModel) -> str:
    return row._meta.db_table


def publish_created(store: Store, actor: Actor, prepared: Sequence[NewCustomer]) -> None:
    """Store what customers and duplicates are found by, and publish the event of each new customer.

    Call it last in the transaction: the store's lock is held until the commit.
    """
    edits = [new.edit for new in prepared]
    for edit in edits:
        edit.row = new_customer_row(edit.customer, edit.new_rows)
    create_match_keys(store.pk, [edit.row for edit in edits])
    save_words_of_new(store, [(edit.customer, edit.row) for edit in edits])
    events = []
    for edit in edits:
        subject = Subject(edit.customer.uid, edit.changed(), {}, edit.row)
        events.append(edit.event_data("customer.created", subject, edit.customer.version))
    publish_many(events, actor)
