"""Add, update and remove the contacts of a customer: people at a firm, at most one of them primary."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from customers.fields import ContactFields, require_known
from customers.models import Contact, Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.editing import Edit, Versions, editing
from stores.actors import Actor
from stores.errors import Invalid, NotFound

MAX_CONTACTS = 100
TEXT_FIELDS = ("name", "title", "email", "phone")


def add_contact(
    target: CustomerQuerySet, actor: Actor, fields: ContactFields, *, versions: Versions = None
) -> tuple[Contact, dict[str, Any]]:
    """Add a contact to the customer that `target` names. Return the contact and the customer's row.

    Raises NotFound, Stale and Invalid `too_many`.
    """
    with editing(target, actor, versions) as edit:
        contact = add(edit, fields)
        edit.save_and_publish()
    return contact, edit.row


def update_contact(
    target: CustomerQuerySet,
    actor: Actor,
    uid: uuid.UUID,
    fields: ContactFields,
    *,
    versions: Versions = None,
) -> tuple[Contact, dict[str, Any]]:
    """Change one contact of the customer that `target` names. Return it and the customer's row.

    Raises NotFound and Stale.
    """
    with editing(target, actor, versions) as edit:
        contact = update(edit, uid, fields)
        edit.save_and_publish()
    return contact, edit.row


def remove_contact(
    target: CustomerQuerySet, actor: Actor, uid: uuid.UUID, *, versions: Versions = None
) -> None:
    """Remove one contact of the customer that `target` names. Raises NotFound and Stale."""
    with editing(target, actor, versions) as edit:
        remove(edit, uid)
        edit.save_and_publish()


def add(edit: Edit, fields: ContactFields) -> Contact:
    """Add one contact inside an edit. Raises Invalid `too_many`."""
    present = names_of(edit.customer)
    # The customer is locked, so two requests cannot both add the last one that is allowed.
    if len(present) >= MAX_CONTACTS:
        raise Invalid("too_many", "contacts", most=MAX_CONTACTS)
    edit.record_child_change("contacts", present)
    contact = Contact(store_id=edit.customer.store_id, customer=edit.customer)
    _apply(contact, fields)
    _save(contact)
    if contact.is_primary:
        for former in edit.new_rows.get("contacts", ()):
            former.is_primary = False  # as `_save` has written
    edit.record_new_rows("contacts", [contact])
    return contact


def update(edit: Edit, uid: uuid.UUID, fields: ContactFields) -> Contact:
    """Change one contact inside an edit. Raises NotFound."""
    contact = _get(edit.customer, uid)
    before = names_of(edit.customer)
    if _apply(contact, fields):
        edit.record_child_change("contacts", before)
        _save(contact)
    return contact


def remove(edit: Edit, uid: uuid.UUID) -> None:
    """Remove one contact inside an edit. Raises NotFound."""
    contact = _get(edit.customer, uid)
    edit.record_child_change("contacts", names_of(edit.customer))
    contact.delete()


def names_of(customer: Customer) -> list[str]:
    rows = Contact.objects.filter(store=customer.store_id, customer=customer)
    return list(rows.order_by("id").values_list("name", flat=True))


def _get(customer: Customer, uid: uuid.UUID) -> Contact:
    contact = Contact.objects.filter(store=customer.store_id, customer=customer, uid=uid).first()
    if contact is None:
        raise NotFound
    return contact


def _apply(contact: Contact, fields: ContactFields) -> bool:
    """Set the columns that the fields name. Return whether anything changed."""
    require_known(fields, ContactFields)
    by_name: Mapping[str, Any] = fields
    # Null clears a text. It leaves `is_primary` unchanged: a flag has no third value.
    values = {name: by_name[name] or "" for name in TEXT_FIELDS if name in by_name}
    if by_name.get("is_primary") is not None:
        values["is_primary"] = by_name["is_primary"]
    is_changed = any(getattr(contact, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(contact, name, value)
    return is_changed


def _save(contact: Contact) -> None:
    """Save a contact. A primary one replaces the former primary contact."""
    contact.updated_at = timezone.now()
    if contact.is_primary:
        # Contract of erp: setting a primary contact clears the former one. Before the save, because a
        # constraint allows one primary contact, also between two statements.
        contacts = Contact.objects.filter(store=contact.store_id, customer=contact.customer_id)
        contacts.exclude(pk=contact.pk).filter(is_primary=True).update(is_primary=False)
    contact.save()
