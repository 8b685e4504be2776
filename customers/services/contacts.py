"""A customer's contacts: the people to talk to at a firm, at most one of them primary."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from customers.models import Contact, Customer
from customers.services.editing import Edit, Versions, editing
from stores.actors import Actor
from stores.errors import Invalid, NotFound

ContactFields = dict[str, Any]

MAX_CONTACTS = 100
TEXT_FIELDS = ("name", "title", "email", "phone")


def add_contact(
    target: Any, actor: Actor, fields: ContactFields, *, versions: Versions = None
) -> tuple[Contact, dict[str, Any]]:
    """One more person to talk to at the customer that `target` names; the new contact and the row.

    Raises NotFound, Stale and Invalid `too_many`.
    """
    with editing(target, actor, versions) as edit:
        contact = add(edit, fields)
        edit.save_and_publish()
    return contact, edit.row


def change_contact(
    target: Any, actor: Actor, uid: uuid.UUID, fields: ContactFields, *, versions: Versions = None
) -> tuple[Contact, dict[str, Any]]:
    """Changes one contact of the customer that `target` names. Raises NotFound and Stale."""
    with editing(target, actor, versions) as edit:
        contact = change(edit, uid, fields)
        edit.save_and_publish()
    return contact, edit.row


def remove_contact(target: Any, actor: Actor, uid: uuid.UUID, *, versions: Versions = None) -> None:
    """Deletes one contact of the customer that `target` names. Raises NotFound and Stale."""
    with editing(target, actor, versions) as edit:
        remove(edit, uid)
        edit.save_and_publish()


def add(edit: Edit, fields: ContactFields) -> Contact:
    present = names_of(edit.customer)
    if len(present) >= MAX_CONTACTS:
        raise Invalid("too_many", "contacts", most=MAX_CONTACTS)
    edit.record_child_change("contacts", present)
    contact = Contact(store_id=edit.customer.store_id, customer=edit.customer)
    _apply(contact, fields)
    _save(contact)
    return contact


def change(edit: Edit, uid: uuid.UUID, fields: ContactFields) -> Contact:
    """Changes one contact inside an edit. Raises NotFound."""
    contact = _own(edit.customer, uid)
    before = names_of(edit.customer)
    if _apply(contact, fields):
        edit.record_child_change("contacts", before)
        _save(contact)
    return contact


def remove(edit: Edit, uid: uuid.UUID) -> None:
    """Deletes one contact inside an edit. Raises NotFound."""
    contact = _own(edit.customer, uid)
    edit.record_child_change("contacts", names_of(edit.customer))
    contact.delete()


def names_of(customer: Customer) -> list[str]:
    own = Contact.objects.filter(store=customer.store_id, customer=customer)
    return list(own.order_by("id").values_list("name", flat=True))


def _own(customer: Customer, uid: uuid.UUID) -> Contact:
    contact = Contact.objects.filter(store=customer.store_id, customer=customer, uid=uid).first()
    if contact is None:
        raise NotFound
    return contact


def _apply(contact: Contact, fields: ContactFields) -> bool:
    wanted = {name: fields[name] or "" for name in TEXT_FIELDS if name in fields}
    if fields.get("is_primary") is not None:
        wanted["is_primary"] = fields["is_primary"]
    changed = any(getattr(contact, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(contact, name, value)
    return changed


def _save(contact: Contact) -> None:
    """A new primary contact takes the place of the former one."""
    contact.updated_at = timezone.now()
    if contact.is_primary:
        others = Contact.objects.filter(store=contact.store_id, customer=contact.customer_id)
        others.exclude(pk=contact.pk).filter(is_primary=True).update(is_primary=False)
    contact.save()
