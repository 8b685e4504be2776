"""Set a customer's columns from its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models

from customers.canonical import (
    EmailAddress,
    Phone,
    clean_name,
    join_name,
    phone_from_parts,
    split_name,
)
from customers.fields import CustomerFields
from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from customers.services.amounts import require_places
from stores.currencies import digits_of, parse_currency
from stores.errors import Conflict, Invalid
from stores.names import INVISIBLE

# Fields that change several columns, or that are parsed first.
COMPOSED = frozenset(
    {"name", "first_name", "last_name", "email", "phone", "phone_number", "currency"}
)
AMOUNTS = frozenset({"credit_limit", "minimum_charge_amount", "minimum_freight_amount"})


def is_plain_text(column: models.Field[Any, Any]) -> bool:
    """Return whether a column is a text that people may edit and leave blank: no rule needs its type."""
    is_text = isinstance(column, models.CharField | models.TextField)
    return is_text and column.editable and column.blank


# Plain texts are taken by the names of their columns, so that a new one needs no line in CustomerFields.
COLUMNS = {
    field.attname: field
    for field in Customer._meta.concrete_fields
    if field.attname not in COMPOSED
    and (field.attname in CustomerFields.__annotations__ or is_plain_text(field))
}
FIRST_BIRTH_DATE = date(1900, 1, 1)
# Of ASCII, only letters, digits, and `-._`. A colon, also one written `&#58;`, could make another scheme of it.
HOST = r"[^\s!-,/:-@\[-^`{-~]+"
# Without a scheme it is a host, as people type it.
WEBSITE = re.compile(rf"(?:https?://{HOST}(?::[0-9]{{1,5}})?|{HOST})(?:[/?#]\S*)?", re.IGNORECASE)
NO_EMAIL = EmailAddress(text="", key="")
NO_PHONE = Phone(text="", dial_code=None, number="", e164="")


def assign(customer: Customer, fields: CustomerFields) -> None:
    """Set the columns that the fields name.

    Raises Invalid `phone`, `birth_date`, `website`, `currency` and `digits`, and Conflict `currency_in_use`.
    """
    require_birth_date(customer, fields.get("birth_date"))
    require_website(customer, fields.get("website"))
    assign_name(customer, fields)
    if "email" in fields:
        email = fields["email"] or NO_EMAIL
        customer.email, customer.email_key = email.text, email.key
    assign_phone(customer, fields)
    if "currency" in fields:
        assign_currency(customer, fields)
    if not AMOUNTS.isdisjoint(fields):
        require_amounts(customer, fields)
    assign_columns(customer, fields)


def require_birth_date(customer: Customer, day: date | None) -> None:
    """Refuse a day before 1900, or after today at the store. One that is there already stays as it is."""
    if day is None or day == customer.birth_date:
        return
    if not FIRST_BIRTH_DATE <= day <= datetime.now(customer.store.tzinfo).date():
        raise Invalid("birth_date", "birth_date", earliest=FIRST_BIRTH_DATE.isoformat())


def require_website(customer: Customer, address: str | None) -> None:
    """Refuse what no browser opens as a page, or runs as a script. One that is there already stays as it is."""
    if not address or address == customer.website:
        return
    if INVISIBLE.search(address) or not WEBSITE.fullmatch(address):
        raise Invalid("website", "website")


def require_amounts(customer: Customer, fields: CustomerFields) -> None:
    """Refuse amounts that the store's currency cannot have. Those that are there already stay as they are."""
    digits = digits_of(customer.store.currency)
    for name in AMOUNTS & fields.keys():
        amount = fields[name]  # type: ignore[literal-required] # a name of AMOUNTS
        if amount and amount != getattr(customer, name):
            require_places(digits, amount, name)


def assign_currency(customer: Customer, fields: CustomerFields) -> None:
    """Set the currency, written in capitals. Raises Invalid, and Conflict `currency_in_use`.

    What a customer owes, spent or may owe was said in the currency that it had then.
    """
    text = fields.get("currency")
    if not text or text == customer.currency:
        return
    try:
        code = parse_currency(text)
    except ValueError:
        raise Invalid("currency", "currency") from None
    if code != customer.currency and has_money(customer):
        raise Conflict("currency_in_use", "currency", currency=customer.currency)
    customer.currency = code


def has_money(customer: Customer) -> bool:
    """Return whether the customer ever ordered, owed or paid anything."""
    if customer.pk is None:
        return False
    entries = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    return bool(customer.orders_ever) or entries.filter(account=Account.HOUSE).exists()


def assign_columns(customer: Customer, fields: Mapping[str, Any]) -> None:
    """Set the columns that take their field's value unchanged.

    None clears a column. One that cannot be empty, such as a flag, keeps its value.
    """
    for name in fields.keys() & COLUMNS.keys():
        value, column = fields[name], COLUMNS[name]
        # Text columns are blank instead of NULL. Flags and numbers without NULL have no value for "cleared".
        if value is None and not column.null:
            if not (column.blank and column.empty_strings_allowed):
                continue
            value = ""
        setattr(customer, name, value)
    # A restriction or an objection stands until staff lift it: no client turns marketing on meanwhile.
    if customer.restricted_at or customer.objected_at:
        customer.marketing_opt_in = False


def assign_name(customer: Customer, fields: CustomerFields) -> None:
    """Set the display name and its parts, from whichever of them the fields name."""
    if "name" in fields:
        name = clean_name(fields["name"] or "")
        # Contract: an unchanged name is not split again. Another dialect may have set its parts otherwise.
        if name != customer.name:
            customer.name = name
            customer.first_name, customer.last_name = split_name(name)
    elif "first_name" in fields or "last_name" in fields:
        first = clean_name(fields.get("first_name", customer.first_name) or "")
        last = clean_name(fields.get("last_name", customer.last_name) or "")
        # Wires and forms trim the spaces that a split leaves: "Mary  Ann" has " Ann" as last name.
        if first != customer.first_name.strip():
            customer.first_name = first
        if last != customer.last_name.strip():
            customer.last_name = last
        customer.name = join_name(customer.first_name, customer.last_name)


def assign_phone(customer: Customer, fields: CustomerFields) -> None:
    """Set the phone from its text, or from the dial code and number of a point of sale. Raises Invalid."""
    try:
        phone = new_phone(customer, fields)
    except ValueError:
        raise Invalid("phone", "phone") from None
    if phone is not None:
        customer.phone, customer.phone_e164 = phone.text, phone.e164
        customer.phone_dial_code, customer.phone_number = phone.dial_code, phone.number


def new_phone(customer: Customer, fields: CustomerFields) -> Phone | None:
    """Return the phone to set, or None to leave the present one.

    An unchanged text or number sets nothing: parsed again, it would overwrite the other form, which another
    dialect may have set otherwise.
    """
    if "phone" in fields:
        phone = fields["phone"] or NO_PHONE
        return None if phone.text == customer.phone else phone
    if "dial_code" not in fields and "phone_number" not in fields:
        return None
    # A point of sale may send one part: PUT changes only the keys sent.
    dial_code = fields.get("dial_code", customer.phone_dial_code)
    number = fields.get("phone_number", customer.phone_number) or ""
    if (dial_code, number) == (customer.phone_dial_code, customer.phone_number):
        return None
    return phone_from_parts(dial_code, number) if number else NO_PHONE
