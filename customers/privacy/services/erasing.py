"""Erase a customer: everything personal goes, while money, orders, numbers, versions and the feed stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from customers.geocoding import Query, forget_location
from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.search_index import rewrite_search_indexes
from customers.privacy.models import Erasure
from customers.privacy.personal_data import CUSTOMER, ERASE_COPIES, PERSONAL_TABLES, Person
from customers.privacy.personal_data.event_tables import erased_snapshot
from customers.privacy.services.marks import add_marks
from customers.privacy.services.obstacles import obstacles
from customers.privacy.services.receipts import create_receipts
from customers.privacy.services.rows import count_rows, erase_rows
from customers.privacy.services.texts import Traces, traces_of
from customers.reads import ERASED, full_customer_row
from customers.services.customer_words import save_words
from customers.services.editing import Edit, Subject, editing, lock
from customers.services.match_keys import update_match_keys
from stores.actors import Actor
from stores.database.sqlite.erasing import overwrite_deleted, rewrite_file, truncate_log
from stores.errors import DomainError, NotFound
from stores.models import Event


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: the rows by title of their table, and the reasons that refuse it now."""

    counts: dict[str, int]
    refusals: list[DomainError]
    erasure: Erasure | None


def preview_erasure(target: CustomerQuerySet) -> Preview:
    """Tell what `erase_customer` would do to the customer that `target` names. Raises NotFound."""
    customer = target.select_related("store").first()
    if customer is None:
        raise NotFound
    tables = {table.title: count_rows(table, customer) for table in PERSONAL_TABLES}
    counts = {title: number for title, number in tables.items() if number}
    erasure = find_erasure(customer)
    return Preview(counts, [] if erasure else [*obstacles(customer)], erasure)


def erase_customer(target: CustomerQuerySet, actor: Actor) -> Erasure:
    """Erase the customer that `target` names, also a deleted one. Erasing again returns the first erasure.

    Raises NotFound, and Conflict `orders_under_way`, `customer_owes` or `owed_to_customer`.
    """
    overwrite_deleted()
    with editing(target, actor) as edit:
        erasure = find_erasure(edit.customer)
        if erasure is None:
            for refusal in obstacles(edit.customer):
                raise refusal
            erasure, *_ = erase_all(with_merged(edit))
    return erasure


def with_merged(edit: Edit) -> list[Edit]:
    """Return also edits of those who were merged into the customer: they are the same person."""
    merged = merged_customers(edit.customer)
    return [edit, *(Edit(lock(one.as_queryset()), edit.actor) for one in merged)]


def merged_customers(customer: Customer) -> CustomerQuerySet:
    return Customer.objects.filter(store=customer.store_id, merged_into=customer).order_by("pk")


def find_erasure(customer: Customer) -> Erasure | None:
    return Erasure.objects.filter(store=customer.store_id, customer=customer.pk).first()


def erase_all(edits: Sequence[Edit]) -> list[Erasure]:
    """Erase the locked customers of these edits, all of one store. Tables of copies are read once for all.

    Events come last: the first locks the store.
    """
    # First, while the rows still say what to look for in other tables.
    traces = [traces_of(edit.customer) for edit in edits]
    persons = [Person(trace.customer, frozenset(trace.texts)) for trace in traces]
    counts = [erase_tables(person.customer) for person in persons]
    for erase_copies in ERASE_COPIES:
        for own, copies in zip(counts, erase_copies(persons), strict=True):
            own |= copies
    # The cache and SQLite's files are not part of the transaction, so they wait for its end. A fault in them
    # must not look like a refused erasure.
    queries = {query for trace in traces for query in trace.queries}
    transaction.on_commit(lambda: clean_up(queries), robust=True)
    return [
        finish(edit, trace, own) for edit, trace, own in zip(edits, traces, counts, strict=True)
    ]


def erase_tables(customer: Customer) -> dict[str, int]:
    tables = [table for table in PERSONAL_TABLES if table is not CUSTOMER]
    return {table.label: erase_rows(table, customer) for table in tables}


def finish(edit: Edit, trace: Traces, counts: dict[str, int]) -> Erasure:
    """Erase the customer's own row, tell the receivers, and record the erasure."""
    customer = edit.customer
    add_marks(customer, trace.snapshots)
    erase_columns(edit)
    counts[CUSTOMER.label] = 1
    event = publish(edit)
    erasure = Erasure.objects.create(
        store_id=customer.store_id,
        customer=customer,
        event_uid=event.uid,
        counts={label: number for label, number in counts.items() if number},
        actor_name=edit.actor.name,
    )
    create_receipts(erasure, customer)  # after the event, which their messages carry
    return erasure


def erase_columns(edit: Edit) -> None:
    """Erase the customer's own columns, and hide it from all APIs, like one deleted with its orders."""
    customer = edit.customer
    former = {name: getattr(customer, name) for name in CUSTOMER.erased}
    for name, value in CUSTOMER.erased_values(customer, former).items():
        setattr(customer, name, value)
    customer.deleted_at = customer.deleted_at or timezone.now()
    customer.withdrawn_at = customer.withdrawn_at or customer.deleted_at
    edit.record_child_change(ERASED, None)


def publish(edit: Edit) -> Event:
    """Publish the last event of the customer. It tells what it tells all receivers: the id, and `erased`."""
    changed = edit.changed()
    edit.save(changed)
    row = full_customer_row(edit.customer.store_id, edit.customer.pk)
    # From the empty row, so that neither duplicates nor staff's search finds the person.
    update_match_keys(edit.customer.store_id, row)
    save_words(edit.customer, row)
    subject = Subject(edit.customer.uid, changed, {}, erased_snapshot(edit.customer, row))
    return edit.publish_event("customer.deleted", subject)


def clean_up(queries: set[Query]) -> None:
    """Forget the geocoder's answers, and empty SQLite's log, which still has the former pages."""
    for query in queries:
        forget_location(query)
    rewrite_search_indexes()
    rewrite_file()
    truncate_log()
