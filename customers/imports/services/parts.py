"""Compare addresses and contacts of a row with those of a customer."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from customers.canonical import fold
from customers.exports.formulas import unescape
from customers.fields import AddressFields
from customers.imports.drafts.draft import Values
from customers.imports.services.views import View
from customers.models import Address, Contact
from customers.services.addresses.columns import assign_address


def as_item(values: Values) -> AddressFields:
    placed = {name: Decimal(values[name]) for name in ("latitude", "longitude") if values.get(name)}
    return cast("AddressFields", {**values, **placed})


def is_cell_of(value: Any, present: Any) -> bool:
    """Return True for what a cell keeps of the present text: one line, without an apostrophe of ours."""
    if not isinstance(value, str) or not isinstance(present, str) or not value:
        return False
    # A workbook holds the text itself, from which the reader may take an apostrophe.
    kept = (" ".join(text.split()) for text in (present, unescape(present)))
    return " ".join(value.split()) in kept


def differs(address: Address, item: AddressFields) -> bool:
    other = {
        name: value
        for name, value in item.items()
        if value == getattr(address, name, "") or not is_cell_of(value, getattr(address, name, ""))
    }
    return assign_address(copy.copy(address), cast("AddressFields", other))


def preview(address: Address | None, view: View, item: AddressFields) -> str:
    """Return the address as it would read."""
    after = copy.copy(address) if address else Address(store=view.customer.store)
    assign_address(after, item)
    return str(after)


def text_of(address: Address | None) -> str:
    return str(address) if address else ""


def is_same_person(contact: Contact, item: Mapping[str, Any]) -> bool:
    email = item.get("email")
    if email and contact.email:
        return fold(email) == fold(contact.email)
    return fold(item.get("name") or "") == fold(contact.name)
