"""Give addresses, contacts and tags back as they were before an import."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from customers.imports.services.edits import Change
from customers.models import Address, Contact, Customer, CustomerTag, Tag
from customers.models.address import Role
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
    if result.get("addresses") and not {"addresses", "billing_address"} & later.keys():
        restore_order(edit, result["addresses"])
    for pair in reversed(result.get("contacts", [])):
        yield from restore_contact(edit, pair, later)
    if result.get("tags") or result.get("tags_gone"):
        restore_tags(edit, result.get("tags", []), result.get("tags_gone", []))


def reason(later: dict[str, Change], *names: str) -> str:
    """Return who changed the parts of this name, and when."""
    change = next((later[name] for name in names if name in later), None)
    if change is None:
        return "It is not as the import left it."
    return "{who} changed {what} at {when}.".format(**change.as_data(frozenset(names[:1])))


def restore_address(edit: Edit, pair: Pair, later: dict[str, Change]) -> Iterator[Kept]:
    before, after = pair
    if after is None:
        yield from bring_address_back(edit, before, later)
        return
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


def bring_address_back(edit: Edit, before: Any, later: dict[str, Change]) -> Iterator[Kept]:
    """Add an address that the import removed, with its former id."""
    if "addresses" in later:
        yield before["line1"] or "address", reason(later, "addresses")
        return
    customer = edit.customer
    address = Address(store=customer.store, customer=customer, uid=uuid.UUID(before["uid"]))
    address.role, address.position = before["role"], before["position"]
    set_columns(address, before)
    record_addresses(edit, "addresses", address)
    save(address)


def restore_order(edit: Edit, pairs: list[Pair]) -> None:
    """Give the addresses the places and the default that they had."""
    rows = Address.objects.filter(store=edit.customer.store_id, customer=edit.customer)
    former = [before for before, _ in pairs if before and before["role"] == Role.DELIVERY]
    if any(before["is_default"] for before in former):
        rows.filter(role=Role.DELIVERY).update(is_default=False)
    for before in former:
        place = {"position": before["position"], "is_default": before["is_default"]}
        rows.filter(uid=uuid.UUID(before["uid"])).update(**place)


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
    names = (*contacts.TEXT_FIELDS, "is_primary")
    if after is None:
        fields: Any = {name: before[name] for name in names}
        added = contacts.add(edit, fields)
        added.uid = uuid.UUID(before["uid"])
        added.save(update_fields=["uid"])
        return
    rows = Contact.objects.filter(store=edit.customer.store_id, customer=edit.customer)
    contact = rows.filter(uid=uuid.UUID(after["uid"])).first()
    if contact is None:
        return
    if any(getattr(contact, name) != after[name] for name in names):
        yield contact.name, reason(later, "contacts")
    elif before is None:
        contacts.remove(edit, contact.uid)
    else:
        values: Any = {name: before[name] for name in names}
        contacts.update(edit, contact.uid, values)


def restore_tags(edit: Edit, added: list[str], gone: list[str]) -> None:
    """Take off the tags that the import put on, and put on those that it took off."""
    keys = {Tag.key_of(name) for name in added}
    present = tags_of(edit.customer)
    staying = [tag for tag in present if tag.key not in keys]
    missing = {Tag.key_of(name) for name in gone} - {tag.key for tag in staying}
    staying += Tag.objects.filter(store=edit.customer.store_id, key__in=missing).order_by("id")
    if staying != present:
        tags.set_tags(edit, staying)


def tags_of(customer: Customer) -> list[Tag]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return [row.tag for row in rows.select_related("tag")]
