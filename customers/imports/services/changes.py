"""What writing a row would change: the fields for the services, and old and new values for people.

The check and the run both use this, so that the plan equals the result.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from customers.fields import AddressFields, ConsentProof, ContactFields, CustomerFields
from customers.imports.drafts.draft import Draft, Values
from customers.imports.drafts.parsing import email_from_text, phone_from_text
from customers.imports.services import following
from customers.imports.services.parts import (
    as_item,
    differs,
    is_cell_of,
    is_same_person,
    preview,
    text_of,
)
from customers.imports.services.views import View
from customers.models import Address, Contact, Customer, Tag
from customers.services.assigning import assign
from customers.services.editing import Edit
from stores.models import Store

TYPED: dict[str, Callable[[Any, Store], Any]] = {
    "email": lambda text, store: email_from_text(text),
    "phone": lambda text, store: phone_from_text(text, store.country),
    "birth_date": lambda text, store: date.fromisoformat(text),
    "customer_since": lambda text, store: datetime.fromisoformat(text),
    "discount_rate": lambda text, store: Decimal(text),
    "credit_limit": lambda text, store: Decimal(text),
    "price_adjustment": lambda text, store: Decimal(text),
    "minimum_charge_amount": lambda text, store: Decimal(text),
    "minimum_freight_amount": lambda text, store: Decimal(text),
    "marketing_proof": lambda proof, store: typed_proof(proof),
}
DERIVED = Edit.derived | {"marketing_opt_in_at", "phone_dial_code", "phone_number"}


@dataclass
class Changes:
    """The fields to write, contacts to change and to remove, and the difference for people."""

    fields: CustomerFields
    contacts: list[tuple[Contact, ContactFields]] = field(default_factory=list)
    contacts_gone: list[Contact] = field(default_factory=list)
    diff: dict[str, list[Any]] = field(default_factory=dict)


def fields_of_new(draft: Draft, store: Store) -> CustomerFields:
    """Return the fields of a new customer."""
    fields = typed(draft, store)
    if draft.kept:
        fields["notes"] = with_lines(fields.get("notes") or "", draft.kept)
    if any(draft.billing.values()):
        fields["billing_address"] = as_item(draft.billing)
    if draft.others:
        fields["addresses"] = [as_item(item) for item in (draft.delivery, *draft.others)]
    elif any(draft.delivery.values()):
        fields["delivery_address"] = as_item(draft.delivery)
    if draft.tags:
        fields["tags"] = draft.tags
    if draft.contacts:
        fields["contacts"] = [cast("ContactFields", contact) for contact in draft.contacts]
    return fields


def changes_of(view: View, draft: Draft) -> Changes:
    """Return what the draft changes of a customer of the book. Raises Invalid, as the services would."""
    changes = Changes(own_fields(draft, view.customer))
    add_columns(changes, view)
    add_addresses(changes, view, draft)
    add_tags(changes, view, draft)
    add_contacts(changes, view, draft)
    return changes


def typed(draft: Draft, store: Store) -> CustomerFields:
    """Return the customer's own fields with typed values."""
    fields = {
        name: TYPED[name](value, store) if name in TYPED and value is not None else value
        for name, value in draft.values.items()
    }
    return cast("CustomerFields", fields)


def own_fields(draft: Draft, customer: Customer) -> CustomerFields:
    """Return the typed fields without those that only write the same in another way."""
    fields = typed(draft, customer.store)
    for name, column in (("email", "key"), ("phone", "e164")):
        if is_same_form(fields.get(name), column, getattr(customer, f"{name}_{column}")):
            del fields[name]  # type: ignore[misc] # a variable name
    for name, value in [*fields.items()]:
        if is_cell_of(value, getattr(customer, name, None)) and not draft.is_exact:
            del fields[name]  # type: ignore[misc] # a variable name
    since = fields.get("customer_since")
    if since and since == customer.customer_since.replace(microsecond=0):  # files have seconds only
        del fields["customer_since"]
    if draft.kept:
        fields["notes"] = with_lines(fields.get("notes") or customer.notes, draft.kept)
    if "marketing_opt_in" in fields and not may_change_consent(fields, customer):
        del fields["marketing_opt_in"]
    return fields


def is_same_form(value: Any, form: str, present: str) -> bool:
    """Return True for another spelling of the e-mail or phone that the customer has."""
    return value is not None and bool(present) and getattr(value, form) == present


def may_change_consent(fields: CustomerFields, customer: Customer) -> bool:
    """Return False where a file may not change what the customer said.

    No file turns a no into a yes, and nothing that was said before counts against what was said later.
    """
    said_at = customer.marketing_opt_in_at
    if said_at is None:
        return True
    when = fields.get("marketing_proof", {}).get("valid_from")
    return not fields["marketing_opt_in"] and (when is None or when > said_at)


def typed_proof(proof: Values) -> ConsentProof:
    moment = datetime.fromisoformat(proof["valid_from"])
    return {"valid_from": moment, "evidence": proof["evidence"]}


def with_lines(notes: str, lines: list[str]) -> str:
    """Return the notes with the lines that they lack."""
    present = notes.splitlines()
    return "\n".join([*filter(None, [notes]), *(line for line in lines if line not in present)])


def add_columns(changes: Changes, view: View) -> None:
    """Compare the columns by setting them on a copy, as the service will."""
    after = copy.copy(view.customer)
    assign(after, changes.fields)
    for column in Customer._meta.concrete_fields:
        name = column.attname
        old, new = getattr(view.customer, name), getattr(after, name)
        if old != new and name not in DERIVED:
            changes.diff[name] = [old, new]


def add_addresses(changes: Changes, view: View, draft: Draft) -> None:
    is_told = any(draft.billing.values()) or (draft.is_exact and view.billing is not None)
    if draft.billing and is_told and (item := new_values(view.billing, view, draft.billing)):
        changes.fields["billing_address"] = item
        changes.diff["billing_address"] = [text_of(view.billing), preview(view.billing, view, item)]
    items = [item for item in (draft.delivery, *draft.others) if any(item.values())]
    if "addresses" in draft.former:
        follow_addresses(changes, view, draft.former["addresses"], items)
        return
    fresh = [item for item in items if not is_present(item, view)]
    if fresh:
        add_deliveries(changes, view, draft, fresh)


def follow_addresses(changes: Changes, view: View, was: list[Values], now: list[Values]) -> None:
    """Make the list of addresses what another server made of it."""
    items = following.addresses_of(view, was, now)
    present: dict[Any, Address] = {address.uid: address for address in view.addresses}
    uids = [item.get("uid") for item in items]
    is_same = uids == [*present] and not any(
        differs(present[item["uid"]], as_item(item)) for item in items
    )
    if is_same and not is_other_default(view, items):
        return
    after = [preview(present.get(item.get("uid")), view, as_item(item)) for item in items]
    changes.fields["addresses"] = [as_item(item) for item in items]
    changes.diff["addresses"] = [[text_of(address) for address in view.addresses], after]


def is_other_default(view: View, items: list[Values]) -> bool:
    marked = [item.get("uid") for item in items if item.get("is_default")]
    default = view.default_address
    return bool(marked) and default is not None and marked[-1] != default.uid


def add_deliveries(changes: Changes, view: View, draft: Draft, fresh: list[Values]) -> None:
    """Merge the first address of the row into the default one, and add the others."""
    default = view.default_address
    merged = draft.delivery if draft.delivery in fresh else None
    added = [item for item in fresh if item is not merged]
    before = [text_of(address) for address in view.addresses]
    after = [
        preview(address, view, as_item(merged))
        if merged and address is default
        else text_of(address)
        for address in view.addresses
    ]
    if merged and default is None:
        added.insert(0, merged)
    after += [preview(None, view, as_item(item)) for item in added]
    changes.diff["addresses"] = [before, after]
    if merged and (default is not None or added == [merged]):
        changes.fields["delivery_address"] = as_item(merged)
        added = [item for item in added if item is not merged]
    if added:
        list_all(changes, view, added, default)


def list_all(changes: Changes, view: View, added: list[Values], default: Address | None) -> None:
    """Name all addresses that stay, because the service replaces the list."""
    merged = changes.fields.pop("delivery_address", None)
    stay: list[AddressFields] = [{"uid": address.uid} for address in view.addresses]
    for item in stay:
        if merged and default is not None and item["uid"] == default.uid:
            item.update(merged)
    changes.fields["addresses"] = [*stay, *map(as_item, added)]


def new_values(address: Address | None, view: View, values: Values) -> AddressFields | None:
    """Return the values as fields if they change the address, else None."""
    item = as_item(values)
    return None if address is not None and not differs(address, item) else item


def is_present(values: Values, view: View) -> bool:
    return any(not differs(address, as_item(values)) for address in view.addresses)


def add_tags(changes: Changes, view: View, draft: Draft) -> None:
    """Add the tags of the row to those of the customer. Only a server that gave a tag takes it away."""
    # `former` is what the same server said last: only with it can a missing tag mean a removed one.
    if "tags" in draft.former:
        names = following.tags_of(view, draft.former["tags"], draft.tags)
        if names != view.tags:
            changes.fields["tags"] = names
            changes.diff["tags"] = [view.tags, names]
        return
    present = {Tag.key_of(name) for name in view.tags}
    added = [name for name in draft.tags if Tag.key_of(name) not in present]
    if added:
        changes.fields["tags"] = [*view.tags, *added]
        changes.diff["tags"] = [view.tags, changes.fields["tags"]]


def add_contacts(changes: Changes, view: View, draft: Draft) -> None:
    """Add the contacts that are new, and change those that are there by name or e-mail."""
    texts = []
    for values in draft.contacts:
        item = cast("ContactFields", values)
        contact = next((one for one in view.contacts if is_same_person(one, item)), None)
        if contact is None:
            changes.fields.setdefault("contacts", []).append(item)
        elif any(
            getattr(contact, name) != value and not is_cell_of(value, getattr(contact, name))
            for name, value in values.items()
        ):
            changes.contacts.append((contact, item))
        else:
            continue
        texts.append(item.get("name") or "")
    if "contacts" in draft.former:
        gone = following.contacts_gone(view, draft.former["contacts"], draft.contacts)
        changes.contacts_gone = gone
    if texts or changes.contacts_gone:
        before = [contact.name for contact in view.contacts]
        stay = [one.name for one in view.contacts if one not in changes.contacts_gone]
        changes.diff["contacts"] = [before, [*stay, *(t for t in texts if t not in before)]]
