"""The fields that a column may fill, by name: `email`, `delivery.city`, `address2.city`, `contact1.name`."""

from __future__ import annotations

import re

IGNORED = ""  # the column is left out
NOTE = "note"  # the column is kept as a line of the notes: `Lead Status: new`
# Label for people, by the name of the target.
CUSTOMER = {
    "uid": "Our id",
    "external_id": "External id",
    "name": "Name",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "company": "Company",
    "party": "Company, or last name",
    "kind": "Company or person",
    "file_as": "Name, if there is no other",
    "parent": "Belongs to the company",
    "address_kind": "Kind of address",
    "is_customer": "Is a customer",
    "email": "E-mail",
    "phone": "Phone",
    "mobile": "Mobile",
    "fax": "Fax",
    "website": "Website",
    "cc_email": "Copy e-mail to",
    "gender": "Gender",
    "birth_date": "Birthday",
    "tax_id": "Tax id",
    "notes": "Notes",
    "marketing_opt_in": "Marketing",
    "opt_in_time": "Marketing agreed at",
    "opt_in_ip": "Marketing agreed from",
    "opt_out_time": "Marketing ended at",
    "is_active": "Active",
    "is_blacklisted": "Blacklisted",
    "blacklist_reason": "Blacklisted because",
    "payment_terms": "Payment terms",
    "currency": "Currency",
    "discount_rate": "Discount",
    "is_account_enabled": "House account",
    "credit_limit": "Credit limit",
    "price_adjustment": "Price adjustment",
    "minimum_charge_amount": "Minimum charge",
    "minimum_freight_amount": "Minimum freight",
    "preferred_shipping": "Preferred shipping",
    "is_loyalty_enabled": "Loyalty",
    "is_beta": "Beta features",
    "is_assembly_enabled": "May order assembled goods",
    "customer_since": "Customer since",
    "tags": "Tags",
    "opening_balance": "Opening balance",
    "opening_date": "Opening balance as of",
}
ADDRESS = {
    "label": "label",
    "name": "recipient",
    "first_name": "recipient's first name",
    "last_name": "recipient's last name",
    "company": "company",
    "phone": "phone",
    "line1": "street",
    "line2": "unit, building",
    "line3": "third line",
    "line4": "fourth line",
    "city": "city",
    "state": "state",
    "state_code": "state's code",
    "postcode": "postcode",
    "country": "country",
    "country_code": "country's code",
    "external_id": "external id",
}
CONTACT = {
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "title": "title",
    "email": "e-mail",
    "phone": "phone",
    "is_primary": "primary",
}
PART = re.compile(r"(delivery|billing|address[1-9][0-9]?|contact[1-9][0-9]?)\.(\w+)")


def is_target(text: str) -> bool:
    if text in (IGNORED, NOTE) or text in CUSTOMER:
        return True
    part = PART.fullmatch(text)
    if part is None:
        return False
    return part[2] in (CONTACT if part[1].startswith("contact") else ADDRESS)


def target_names() -> dict[str, str]:
    """Return the targets that people choose from, each with its label."""
    names = {IGNORED: "Leave out", NOTE: "Keep in the notes"} | CUSTOMER
    for group, label in (("delivery", "Delivery"), ("billing", "Billing")):
        names |= {f"{group}.{name}": f"{label}: {text}" for name, text in ADDRESS.items()}
    names |= {f"address1.{name}": f"Another address: {text}" for name, text in ADDRESS.items()}
    return names | {f"contact1.{name}": f"Contact: {text}" for name, text in CONTACT.items()}


def label_of(target: str) -> str:
    """Return the label of a target, also of those that are not offered."""
    known = target_names().get(target)
    if known is not None:
        return known
    group, _, name = target.partition(".")
    texts = CONTACT if group.startswith("contact") else ADDRESS
    return f"{group.capitalize()}: {texts[name]}"
