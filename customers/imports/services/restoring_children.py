"""Give addresses, contacts and tags back as they were before an import."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from customers.imports.services.edits import Change
from customers.models import Address, Contact, Customer, CustomerTag, Tag
from customers.services import contacts, tags
from customers.services.addresses.editing import delete, delivery_addresses_of, save, summary
from customers.services.editing import Edit

Pair = list[Any]  # a child's row before the import (None: not there) and after it
Kept = tuple[str, str]
# What a change of an address is told by; positions and times say nothing.
IGNORED = ("id", "position", "is_default", "created_at", "updated_at")


def restore(edit: Edit, result: dict[str, Any], later: dict[str, Change]) -> Iterator[Kept]:
    """Restore what still is as the import left it. Yield what is not, with the reason."""
    for pair in reversed(result.get("addresses", [])):
        yield from restore_address(edit, pair, later)
    for pair in reversed(result.get("contacts", [])):
        yield from restore_contact(edit, pair, later)
    if result.get("tags"):
        remove_tags(edit, result["tags"])


def reason(later: dict[str, Change], *names: str) -> str:
    """Return who changed the parts of this name, and when."""
    change = next((later[name] for name in names if name in later), None)
    if change is None:
        return "It is not as the import left it."
    return "{who} changed {what} at {when}.".format(**change.as_data(frozenset(names[:1])))


def restore_address(edit: Edit, pair: Pair, later: dict[str, Change]) -> Iterator[Kept]:
    before, after = pair
    rows = Address.objects.filter(store=edit.customer.store_id, customer=edit.customer)
    address = rows.filter(uid=uuid.UUID(after["uid"])).select_related("delivery_zone").first()
    child = "billing_address" if after["role"] == "billing" else "addresses"
    if address is None:
        return
    address.store, address.customer = edit.customer.store, edit.customer
    if not is_as_left(address, after):
        yield str(address), reason(later, child, "addresses", "billing_address")
        return
    record_addresses(edit, child, address)
    if before is None:
        delete(edit, address)
    else:
        set_columns(address, before)
        save(address)


def record_addresses(edit: Edit, child: str, address: Address) -> None:
    present = [address] if child == "billing_address" else delivery_addresses_of(edit.customer)
    edit.record_child_change(child, summary(present))


def columns_of(address: Address) -> Iterator[Any]:
    for field in Address._meta.concrete_fields:
        if not field.is_relation and field.name not in (*IGNORED, "uid", "role"):
            yield field


def is_as_left(address: Address, after: dict[str, Any]) -> bool:
    """Return whether the address still has the values that the import gave it.

    Coordinates may have been found since.
    """
    found_later = ("latitude", "longitude", "place_id", "geocode_status", "geocoded_at")
    return all(
        getattr(address, field.name) == field.to_python(after[field.name])
        for field in columns_of(address)
        if field.name not in found_later
    )


def set_columns(address: Address, values: dict[str, Any]) -> None:
    for field in columns_of(address):
        setattr(address, field.name, field.to_python(values[field.name]))


def restore_contact(edit: Edit, pair: Pair, later: dict[str, Change]) -> Iterator[Kept]:
    before, after = pair
    rows = Contact.objects.filter(store=edit.customer.store_id, customer=edit.customer)
    contact = rows.filter(uid=uuid.UUID(after["uid"])).first()
    if contact is None:
        return
    names = (*contacts.TEXT_FIELDS, "is_primary")
    if any(getattr(contact, name) != after[name] for name in names):
        yield contact.name, reason(later, "contacts")
    elif before is None:
        contacts.remove(edit, contact.uid)
    else:
        values: Any = {name: before[name] for name in names}
        contacts.update(edit, contact.uid, values)


def remove_tags(edit: Edit, names: list[str]) -> None:
    """Take off the tags that the import put on; those that are off already stay off."""
    keys = {Tag.key_of(name) for name in names}
    present = tags_of(edit.customer)
    staying = [tag for tag in present if tag.key not in keys]
    if staying != present:
        tags.set_tags(edit, staying)


def tags_of(customer: Customer) -> list[Tag]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return [row.tag for row in rows.select_related("tag")]
