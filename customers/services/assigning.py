"""From neutral fields to a customer's columns. Absent keys stay as they are, None clears."""

from __future__ import annotations

from typing import Any

from customers.canonical import (
    Phone,
    email_key,
    join_name,
    phone_from_parts,
    phone_from_text,
    split_name,
)
from customers.models import Customer
from stores.errors import Invalid

Fields = dict[str, Any]

TEXT_FIELDS = (
    "company",
    "mobile",
    "fax",
    "website",
    "cc_email",
    "tax_id",
    "notes",
    "external_id",
    "preferred_shipping",
    "blacklist_reason",
)
NULLABLE_FIELDS = ("gender", "birth_date", "credit_limit", "default_depot_id")
VALUE_FIELDS = (
    "marketing_opt_in",
    "is_active",
    "is_blacklisted",
    "is_beta",
    "is_assembly_enabled",
    "is_account_enabled",
    "is_loyalty_enabled",
    "payment_terms",
    "currency",
    "discount_rate",
    "price_adjustment",
    "minimum_charge_amount",
    "minimum_freight_amount",
    "customer_since",
)
NO_PHONE = Phone(text="", dial_code=None, number="", e164="")


def assign(customer: Customer, fields: Fields) -> None:
    """Sets columns from neutral fields; the customer's store must be set. Raises Invalid."""
    assign_name(customer, fields)
    assign_email(customer, fields)
    assign_phone(customer, fields)
    for name in TEXT_FIELDS:
        if name in fields:
            setattr(customer, name, fields[name] or "")
    for name in NULLABLE_FIELDS:
        if name in fields:
            setattr(customer, name, fields[name])
    for name in VALUE_FIELDS:
        if fields.get(name) is not None:
            setattr(customer, name, fields[name])


def assign_name(customer: Customer, fields: Fields) -> None:
    """A display name is split only when it changed: the parts may have been set apart otherwise."""
    if "name" in fields:
        name = fields["name"] or ""
        if name != customer.name:
            customer.name = name
            customer.first_name, customer.last_name = split_name(name)
    elif "first_name" in fields or "last_name" in fields:
        for part in ("first_name", "last_name"):
            sent = fields.get(part, getattr(customer, part)) or ""
            # wires and forms trim what a split has left
            if sent != getattr(customer, part).strip():
                setattr(customer, part, sent)
        customer.name = join_name(customer.first_name, customer.last_name)


def assign_email(customer: Customer, fields: Fields) -> None:
    if "email" not in fields:
        return
    customer.email = fields["email"] or ""
    try:
        customer.email_key = email_key(customer.email) if customer.email else ""
    except ValueError:
        raise Invalid("email", "email") from None


def assign_phone(customer: Customer, fields: Fields) -> None:
    """From the text that most dialects know, or from a point of sale's dial code and number."""
    try:
        phone = wanted_phone(customer, fields)
    except ValueError:
        raise Invalid("phone", "phone") from None
    if phone is not None:
        customer.phone, customer.phone_e164 = phone.text, phone.e164
        customer.phone_dial_code, customer.phone_number = phone.dial_code, phone.number


def wanted_phone(customer: Customer, fields: Fields) -> Phone | None:
    """Return the phone to set, or None to leave it.

    A text or number that is there already stays as it is: its other form may have been set otherwise.
    """
    if "phone" in fields:
        text = fields["phone"] or ""
        if text == customer.phone:
            return None
        return phone_from_text(text, customer.store.country) if text else NO_PHONE
    if "dial_code" not in fields and "phone_number" not in fields:
        return None
    dial_code = fields.get("dial_code", customer.phone_dial_code)
    number = fields.get("phone_number", customer.phone_number) or ""
    if (dial_code, number) == (customer.phone_dial_code, customer.phone_number):
        return None
    return phone_from_parts(dial_code, number) if number else NO_PHONE
