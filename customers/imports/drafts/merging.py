"""Make one draft of the rows that describe one customer, such as a row for each of its addresses."""

from __future__ import annotations

from typing import Any

from customers.canonical import fold
from customers.imports.drafts.draft import Draft, Values


def difference(first: Draft, second: Draft) -> str:
    """Return the first field in which two rows of one customer contradict each other, or ""."""
    if first.uid and second.uid and first.uid != second.uid:
        return "id"
    for name, value in second.values.items():
        other = first.values.get(name)
        if value and other and differs(name, value, other):
            return name.replace("_", " ")
    if first.billing and second.billing and not is_same_place(first.billing, second.billing):
        return "billing address"
    return "opening balance" if first.opening and second.opening != first.opening else ""


def differs(name: str, value: Any, other: Any) -> bool:
    if value == other:
        return False
    return not (isinstance(value, str) and isinstance(other, str) and fold(value) == fold(other))


def merge(first: Draft, second: Draft) -> None:
    """Add what the second row says to the first."""
    for name, value in second.values.items():
        if value and not first.values.get(name):
            first.values[name] = value
    first.uid = first.uid or second.uid
    first.billing = first.billing or second.billing
    first.opening = first.opening or second.opening
    for address in (second.delivery, *second.others):
        add_address(first, address)
    first.kept += [line for line in second.kept if line not in first.kept]
    first.tags += [tag for tag in second.tags if tag not in first.tags]
    first.contacts += [contact for contact in second.contacts if contact not in first.contacts]
    first.keys += [key for key in second.keys if key not in first.keys]
    first.phones += [phone for phone in second.phones if phone not in first.phones]
    first.email_key = first.email_key or second.email_key
    first.lines += [second.line, *second.lines]
    first.issues += second.issues
    first.repairs += second.repairs


def add_address(draft: Draft, address: Values) -> None:
    if not any(address.values()):
        return
    if not any(draft.delivery.values()):
        draft.delivery = address
    elif not any(is_same_place(address, other) for other in (draft.delivery, *draft.others)):
        draft.others.append(address)


def is_same_place(first: Values, second: Values) -> bool:
    names = ("line1", "line2", "city", "postcode", "country")
    return all(fold(first.get(name) or "") == fold(second.get(name) or "") for name in names)


def add_child(parent: Draft, child: Draft) -> None:
    """Add a row that belongs to a firm: as its billing or delivery address, or as a contact."""
    address = {**child.delivery}
    if "invoice" in child.address_kind and not parent.billing:
        parent.billing = address
    elif any(word in child.address_kind for word in ("deliver", "shipping", "other", "invoice")):
        if child.label:
            address.setdefault("label", child.label)
        add_address(parent, address)
    else:
        parent.contacts.append(contact_of(child))
    parent.lines.append(child.line)
    parent.issues += child.issues
    parent.repairs += child.repairs


def contact_of(child: Draft) -> Values:
    contact = {
        "name": child.label,
        "email": child.values.get("email"),
        "phone": child.values.get("phone"),
    }
    return {name: value for name, value in contact.items() if value}
