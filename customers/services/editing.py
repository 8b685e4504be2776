"""Changing one customer: lock, check the version, let the caller change it, save, publish an event.

Every service that changes a customer, or something that belongs to one, does it inside `editing`.

The order of locks is the same everywhere, or two requests would deadlock: first the tags, zones and depots that
the change refers to, then the customer, then an order of it, at last the store (by its event).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import IntegrityError, InternalError, transaction
from django.db.models import Model, Q
from django.utils import timezone

from customers.canonical import (
    Phone,
    email_spellings,
    name_sort_key,
    phone_from_text,
    phone_search_keys,
    searchable,
)
from customers.fields import ConsentProof
from customers.models import Customer, LoginEmail
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row, full_customer_row, new_customer_row
from customers.services.consent_history import record_choice
from customers.services.customer_words import IN_WORDS, save_words
from customers.services.match_keys import COMPARED, create_match_keys, update_match_keys
from stores.actors import Actor
from stores.database.locking import lock_first
from stores.errors import NotFound, Stale, refusal_of
from stores.models import Event
from stores.models.base import TenantModel, TenantQuerySet
from stores.outbox import EventData, publish, publish_many

SEARCHED_COLUMNS = frozenset(
    {"name", "company", "email", "phone", "phone_dial_code", "phone_number", "mobile"}
)
NO_FACTS: Mapping[str, Any] = MappingProxyType({})
Versions = frozenset[int] | None  # the versions that the caller accepts; None for any


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run a block in one transaction. Raise the DomainError that a violated named constraint stands for."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, InternalError) as error:
        # Two requests can both pass a check, such as a free e-mail. The constraint then refuses the second.
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def lock(target: CustomerQuerySet, versions: Versions = None) -> Customer:
    """Lock the customer that `target` names until the commit, and return it.

    Raises NotFound, and Stale when its version is none of `versions`.
    """
    # Lock only the customer, not its joined store: each transaction locks the store at its end, with its event.
    customer: Customer | None = lock_first(target.of_one_store(), "store")
    if customer is None:
        raise NotFound
    if versions is not None and customer.version not in versions:
        raise Stale(customer.version)
    return customer


@dataclass(frozen=True)
class Subject:
    """The customer, or one of its orders, that an event is about, with the changes that the event shows."""

    uid: uuid.UUID
    changed: list[str]
    before: dict[str, Any]
    snapshot: Row


class RowEdit:
    """A row that is being changed: compares its columns with the values they had at first.

    Report changes of rows that belong to it, such as addresses, with `record_child_change`.
    """

    # Columns that follow from others: events leave them out of their changes.
    derived: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, row: Model) -> None:
        self._row = row
        self._former = column_values(row)
        self._children: dict[str, Any] = {}

    def record_child_change(self, child: str, before: Any) -> None:
        """Record that the rows `child` changed. `before` is how the timeline shows them before the change."""
        # The first call wins: later ones would describe a state that was never saved.
        self._children.setdefault(child, before)

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of all changed columns."""
        values = column_values(self._row)
        return {name: value for name, value in values.items() if value != self._former[name]}

    def changed(self) -> list[str]:
        """Return the names of the changed columns, derived ones left out, and of the changed children."""
        names = [name for name in self.changed_values() if name not in self.derived]
        return [*names, *self._children]

    def before(self, names: list[str]) -> dict[str, Any]:
        """Return the former values of these columns and of each changed child."""
        former = {name: self._former[name] for name in names if name in self._former}
        return former | self._children


def column_values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class Edit(RowEdit):
    """A locked customer that is being changed.

    Set attributes on `customer`; report changed addresses, tags and contacts with `record_child_change`.
    After `save_and_publish`, `row` is the customer's new row.
    """

    derived = frozenset(
        {
            "id",
            "search_text",
            "name_key",
            "version",
            "updated_at",
            "email_key",
            "phone_e164",
            "merged_into_id",
        }
    )

    def __init__(self, customer: Customer, actor: Actor) -> None:
        super().__init__(customer)
        self.customer, self.actor = customer, actor
        self.collected: list[TenantModel] | None = None  # new rows, when the caller inserts them
        self.is_new = customer.pk is None  # then it has only the children that this edit gives it
        self.new_rows: dict[str, list[Any]] = {}  # by child; of new customers only
        self.held: list[EventData] | None = (
            None  # events, when the caller publishes them at its end
        )
        self.row: Row = {}
        self.consent_proof: ConsentProof = {}  # of a new value of the flag of marketing

    def save_and_publish(
        self, event: str = "customer.updated", facts: Mapping[str, Any] = NO_FACTS
    ) -> None:
        """Save the customer and publish the event. Without a change only read `row`: no version, no event.

        The event's snapshot is the row, with `facts` besides.
        """
        changed = self.changed()
        if changed:
            self.save(changed)
        # Read after the save: the event's snapshot is the row as other requests will see it.
        self.row = full_customer_row(self.customer.store_id, self.customer.pk)
        if COMPARED.intersection(changed):
            update_match_keys(self.customer.store_id, self.row)
        if IN_WORDS.intersection(changed):
            save_words(self.customer, self.row)
        if not changed:
            return
        snapshot = {**self.row, **facts}
        subject = Subject(self.customer.uid, changed, self.before(changed), snapshot)
        if self.held is None:
            self.publish_event(event, subject)
        else:
            self.held.append(self.event_data(event, subject, self.customer.version))

    def record_new_rows(self, child: str, rows: list[Any]) -> None:
        """Record rows of a new customer, in the order in which they are written."""
        if self.is_new:
            self.new_rows.setdefault(child, []).extend(rows)

    def publish_created(self) -> None:
        """Publish the event of a customer that was just inserted. All its values count as changed."""
        self.row = new_customer_row(self.customer, self.new_rows)
        create_match_keys(self.customer.store_id, [self.row])
        save_words(self.customer, self.row)
        subject = Subject(self.customer.uid, self.changed(), {}, self.row)
        self.publish_event("customer.created", subject)

    def save_and_publish_about(self, event: str, subject: Subject) -> None:
        """Save the customer's next version and publish an event about one of its orders.

        `row` stays empty. Version and event belong together: `verify_outbox` looks for gaps.
        """
        self.save(self.changed())
        self.publish_event(event, subject)

    def save_and_publish_about_each(self, event: str, subjects: list[Subject]) -> None:
        """Save the customer and publish an event about each of these orders, each with a version of its own."""
        first = self.customer.version + 1
        self.save(self.changed(), versions=len(subjects))
        events = [self.event_data(event, s, version) for version, s in enumerate(subjects, first)]
        if self.held is None:
            publish_many(events, self.actor)
        else:
            self.held += events

    def save(self, changed: list[str], versions: int = 1) -> None:
        """Write the changed columns with the next version, or with as many versions as there will be events.

        Raises Stale if the row has another version now.
        """
        customer = self.customer
        if "email" in changed:
            # Another dialect changed the e-mail: the portal's login with the former one ends.
            delete_login_emails(
                LoginEmail.objects.filter(customer=customer).exclude(email_key=customer.email_key)
            )
        if "marketing_opt_in" in changed:
            time_is_set = "marketing_opt_in_at" in changed
            record_choice(customer, self.actor, self.consent_proof, time_is_set=time_is_set)
        # Parsing phones is slow, and most changes, such as orders, leave these columns alone.
        if SEARCHED_COLUMNS.intersection(changed):
            customer.search_text = search_text(customer)
            customer.name_key = name_sort_key(customer.name or customer.company)
        customer.version += versions
        customer.updated_at = timezone.now()
        # The row is locked, so its version normally stands. The condition is for callers that read the
        # customer before the lock: they get Stale and overwrite nothing.
        rows = customer.as_queryset().filter(version=self._former["version"])
        if not rows.update(**self.changed_values()):
            raise Stale(self._former["version"])

    def publish_event(self, event: str, subject: Subject) -> Event:
        return publish(self.event_data(event, subject, self.customer.version), self.actor)

    def event_data(self, event: str, subject: Subject, version: int) -> EventData:
        return EventData(
            type=event,
            store_id=self.customer.store_id,
            customer_uid=self.customer.uid,
            subject_uid=subject.uid,
            version=version,
            changed=subject.changed,
            before=subject.before,
            snapshot=subject.snapshot,
            created_at=self.customer.updated_at,
        )


@contextmanager
def editing(target: CustomerQuerySet, actor: Actor, versions: Versions = None) -> Iterator[Edit]:
    """Open a transaction that changes the customer that `target` names.

    End it with `edit.save_and_publish()`. Raises NotFound, Stale, and the errors that violated constraints
    stand for.
    """
    with unit_of_work():
        yield Edit(lock(target, versions), actor)


@contextmanager
def editing_survivor(target: CustomerQuerySet, actor: Actor, condition: Q) -> Iterator[Edit]:
    """Edit the customer that `target` names, or the one into which it was merged; it must meet the condition.

    For what must not be lost, such as an order, while staff merge customers. Raises NotFound.
    """
    with unit_of_work():
        try:
            customer = lock(target.filter(condition))
        except NotFound:
            customer = lock(target.survivor().filter(condition))
            actor = note_former_id(actor, target)
        yield Edit(customer, actor)


def note_former_id(actor: Actor, merged: CustomerQuerySet) -> Actor:
    """Let the events say that the survivor was named by the id of the merged customer."""
    return replace(actor, asked_as=next(iter(merged.order_by().column("uid")), None))


def delete_login_emails(rows: TenantQuerySet[LoginEmail]) -> None:
    """Delete logins, if there are any."""
    # On a distributed database a DELETE locks the whole table, even when it finds no row.
    if rows.exists():
        rows.delete()


def search_text(customer: Customer) -> str:
    """Return the text that searches look in: a line each for name, company, e-mail and each phone's forms."""
    lines = [searchable(text) for text in (customer.name, customer.company) if text]
    if customer.email:
        lines.append("\t".join(email_spellings(customer.email, customer.email_key)))
    region = customer.store.country
    if customer.phone:
        dial_code, number = customer.phone_dial_code, customer.phone_number
        phone = Phone(customer.phone, dial_code, number, customer.phone_e164)
        lines.append(phone_search_keys(phone, region))
    if customer.mobile:
        # Unlike the phone, the mobile has no columns for its parsed form, and it may be any text.
        with suppress(ValueError):
            lines.append(phone_search_keys(phone_from_text(customer.mobile, region), region))
    return "\n".join(lines)
