"""Changing one customer: lock, check the version, let the caller change it, save, publish an event.

Every service that changes a customer, or something that hangs on one, does it inside `editing`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from customers.canonical import Phone, fold, phone_from_text, phone_search_keys
from customers.models import ConsentChange, Customer, LoginEmail
from customers.models.customer import CustomerQuerySet
from customers.reads import Row, full_customer_row
from customers.services.row_edit import RowEdit
from customers.services.unit_of_work import unit_of_work
from stores.actors import Actor
from stores.errors import NotFound, Stale
from stores.outbox import EventData, publish

Versions = frozenset[int] | None  # those the caller would change; None for any


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


class Edit(RowEdit):
    """A locked customer, and what is being changed about it.

    Set attributes on `customer`; report changed addresses, tags or contacts with `record_child_change`.
    After `save_and_publish`, `row` is the customer as it became.
    """

    derived = frozenset({"id", "search_text", "version", "updated_at", "email_key", "phone_e164"})

    def __init__(self, customer: Customer, actor: Actor) -> None:
        super().__init__(customer)
        self.customer, self.actor = customer, actor
        self.row: Row = {}
        self._children: dict[str, Any] = {}

    @property
    def is_new(self) -> bool:
        """Whether nothing hangs on the customer yet but what this edit gave it."""
        return self._was["id"] is None

    def record_child_change(self, child: str, before: Any) -> None:
        """Addresses, tags or contacts (`child`) changed; `before` is how they were, for the timeline."""
        self._children.setdefault(child, before)

    def changed(self) -> list[str]:
        """Names of the changed columns, derived ones left out, and of changed children."""
        return [*super().changed(), *self._children]

    def save_and_publish(self, event: str = "customer.updated") -> None:
        """Saves and publishes the event when anything changed; else does nothing."""
        changed = self.changed()
        if changed:
            self.save(changed)
        self.row = read_full_row(self.customer)
        if changed:
            self.publish_event(
                event, Subject(self.customer.uid, changed, self.before(changed), self.row)
            )

    def publish_created(self) -> None:
        """Publishes the event of a customer that was inserted just now; all its values count as changed."""
        self.row = read_full_row(self.customer)
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
        customer.search_text = search_text(customer)
        customer.version += 1
        customer.updated_at = timezone.now()
        own = customer.as_queryset()
        if not own.filter(version=self._was["version"]).update(**self.changed_values()):
            raise Stale(self._was["version"])

    def before(self, names: list[str]) -> dict[str, Any]:
        """Return the former values of these columns, and how each changed child was."""
        return super().before(names) | self._children

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


def read_full_row(customer: Customer) -> Row:
    """The customer's row with all that hangs on it, as events keep it."""
    return full_customer_row(customer.store_id, customer.pk)


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
