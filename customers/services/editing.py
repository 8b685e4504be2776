"""Changing one customer: lock, check the version, let the caller change it, save, publish an event.

Every service that changes a customer, or something that hangs on one, does it inside `editing`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from customers.canonical import Phone, fold, phone_from_text, phone_search_keys
from customers.models import ConsentChange, Customer, LoginEmail
from customers.models.customer import CustomerQuerySet
from customers.reads import Row, full_customer_row
from stores.actors import Actor
from stores.errors import NotFound, Stale, refusal_of
from stores.outbox import EventData, publish

SEARCHED_COLUMNS = frozenset(
    {"name", "company", "email", "phone", "phone_dial_code", "phone_number", "mobile"}
)
Versions = frozenset[int] | None  # those the caller would change; None for any


@contextmanager
def unit_of_work() -> Iterator[None]:
    """All or nothing. Raises the DomainError that a violated named constraint stands for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def lock(target: CustomerQuerySet, versions: Versions = None) -> Customer:
    """The customer that `target` names, held until the commit.

    Raises NotFound, or Stale when its version is none of `versions`.
    """
    customer = target.select_for_update(of=("self",), no_key=True).select_related("store").first()
    if customer is None:
        raise NotFound
    if versions is not None and customer.version not in versions:
        raise Stale(customer.version)
    return customer


@dataclass(frozen=True)
class Subject:
    """What an event is about, the customer or something it owns, and what the event says of it."""

    uid: uuid.UUID
    changed: list[str]
    before: dict[str, Any]
    snapshot: Row


class RowEdit:
    """A row that is being changed: its columns as they are now, compared with how they were at first.

    Report changed rows that hang on it, such as addresses, with `record_child_change`.
    """

    derived: ClassVar[frozenset[str]] = (
        frozenset()
    )  # columns that events leave out of their changes

    def __init__(self, row: Model) -> None:
        self._row = row
        self._was = columns(row)
        self._children: dict[str, Any] = {}

    def record_child_change(self, child: str, before: Any) -> None:
        """Record that the rows `child` changed; `before` is how they were, for the timeline."""
        self._children.setdefault(child, before)

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of all changed columns."""
        return {name: now for name, now in columns(self._row).items() if now != self._was[name]}

    def changed(self) -> list[str]:
        """Return the names of the changed columns, derived ones left out, and of the changed children."""
        names = [name for name in self.changed_values() if name not in self.derived]
        return [*names, *self._children]

    def before(self, names: list[str]) -> dict[str, Any]:
        """Return the former values of these columns, and how each changed child was."""
        return {name: self._was[name] for name in names if name in self._was} | self._children


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class Edit(RowEdit):
    """A locked customer, and what is being changed about it.

    Set attributes on `customer`; report changed addresses, tags and contacts with `record_child_change`.
    After `save_and_publish`, `row` is the customer as it became.
    """

    derived = frozenset({"id", "search_text", "version", "updated_at", "email_key", "phone_e164"})

    def __init__(self, customer: Customer, actor: Actor) -> None:
        super().__init__(customer)
        self.customer, self.actor = customer, actor
        self.is_new = customer.pk is None  # then it has only the children that this edit gives it
        self.row: Row = {}

    def save_and_publish(self, event: str = "customer.updated") -> None:
        """Saves and publishes the event when anything changed; else does nothing."""
        changed = self.changed()
        if changed:
            self.save(changed)
        self.row = full_customer_row(self.customer.store_id, self.customer.pk)
        if changed:
            self.publish_event(
                event, Subject(self.customer.uid, changed, self.before(changed), self.row)
            )

    def publish_created(self) -> None:
        """Publishes the event of a customer that was inserted just now; all its values count as changed."""
        self.row = full_customer_row(self.customer.store_id, self.customer.pk)
        subject = Subject(self.customer.uid, self.changed(), {}, self.row)
        self.publish_event("customer.created", subject)

    def save_and_publish_about(self, event: str, subject: Subject) -> None:
        """Saves the next version and publishes an event about something else that the customer owns, such
        as an order; `row` stays empty."""
        self.save(self.changed())
        self.publish_event(event, subject)

    def save(self, changed: list[str]) -> None:
        """Writes the changed columns with the next version, unless another version is there by now."""
        customer = self.customer
        if "email" in changed:
            LoginEmail.objects.filter(customer=customer).exclude(
                email_key=customer.email_key
            ).delete()
        if "marketing_opt_in" in changed:
            customer.marketing_opt_in_at = timezone.now()
            record_consent(customer, self.actor)
        if SEARCHED_COLUMNS.intersection(changed):
            customer.search_text = search_text(customer)
        customer.version += 1
        customer.updated_at = timezone.now()
        own = customer.as_queryset()
        if not own.filter(version=self._was["version"]).update(**self.changed_values()):
            raise Stale(self._was["version"])

    def publish_event(self, event: str, subject: Subject) -> None:
        event_data = EventData(
            type=event,
            store_id=self.customer.store_id,
            customer_uid=self.customer.uid,
            subject_uid=subject.uid,
            version=self.customer.version,
            changed=subject.changed,
            before=subject.before,
            snapshot=subject.snapshot,
            created_at=self.customer.updated_at,
        )
        publish(event_data, self.actor)


@contextmanager
def editing(target: CustomerQuerySet, actor: Actor, versions: Versions = None) -> Iterator[Edit]:
    """One transaction around a change of the customer that `target` names.

    The caller ends it with `edit.save_and_publish()`. Raises NotFound, Stale, and the errors that broken
    constraints stand for.
    """
    with unit_of_work():
        yield Edit(lock(target, versions), actor)


def record_consent(customer: Customer, actor: Actor) -> None:
    ConsentChange.objects.create(
        store_id=customer.store_id,
        customer=customer,
        granted=customer.marketing_opt_in,
        actor_name=actor.name,
        changed_at=customer.marketing_opt_in_at,  # type: ignore[misc] # never without a choice
    )


def search_text(customer: Customer) -> str:
    """What a search looks in: a line each of name, company, e-mail and the ways of writing the phone."""
    lines = [fold(text) for text in (customer.name, customer.company, customer.email) if text]
    lines += [phone_search_keys(phone, customer.store.country) for phone in phones(customer)]
    return "\n".join(lines)


def phones(customer: Customer) -> Iterator[Phone]:
    """The phone, and the mobile as far as it is a number."""
    if customer.phone:
        dial_code, number = customer.phone_dial_code, customer.phone_number
        yield Phone(customer.phone, dial_code, number, customer.phone_e164)
    if customer.mobile:
        with suppress(ValueError):
            yield phone_from_text(customer.mobile, customer.store.country)
