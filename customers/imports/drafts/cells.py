"""Read a cell into the value of its field, as JSON has it. Raises CellError."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from customers.canonical import clean_name
from customers.exports.formulas import unescape
from customers.imports.columns.targets import ADDRESS, CONTACT
from customers.imports.drafts import choices
from customers.imports.drafts.amounts import (
    read_adjustment,
    read_amount,
    read_percent,
    read_positive,
)
from customers.imports.drafts.countries import country_code
from customers.imports.drafts.dates import read_day
from customers.imports.drafts.draft import CellError
from customers.imports.drafts.numbers import phone_with_zero, whole_number
from customers.imports.drafts.parsing import email_from_text, phone_from_text
from customers.models import Address, Contact, Customer
from customers.services.assigning import FIRST_BIRTH_DATE, WEBSITE
from stores.currencies import digits_of
from stores.models import Store
from stores.models.base import parse_uid

# Spreadsheets hide the apostrophe that keeps a cell a text; exports write it into the file.
GUARD = re.compile(r"'(?=\d)")
NOTHING = frozenset({"*None", "#N/A", "NULL"})  # words of MYOB and spreadsheets for a blank cell
ANGLE = re.compile(r".*<([^<>]+)>")
SEVERAL = re.compile(r"\s*(?: ::: |;|,|\s)\s*")


@dataclass(frozen=True)
class Place:
    """Where the store is: decides how phones, days, times and amounts are read."""

    country: str
    zone: ZoneInfo
    today: str
    digits: int  # of its currency

    @classmethod
    def of(cls, store: Store) -> Place:
        today = datetime.now(store.tzinfo).date().isoformat()
        return cls(store.country, store.tzinfo, today, digits_of(store.currency))


Read = Callable[[str, Place], Any]


def clean(text: str) -> str:
    """Return a cell without white space around it and without a spreadsheet's apostrophe."""
    text = text.strip()
    if text in NOTHING:
        return ""
    return text[1:] if GUARD.match(text) else unescape(text) if "'" in text else text


def one_line(text: str, most: int) -> str:
    line = " ".join(text.split())
    if len(line) > most:
        raise CellError("too_long", most=most)
    return line


def text_of(most: int) -> Read:
    return lambda text, place: one_line(text, most)


def name_of(most: int) -> Read:
    return lambda text, place: clean_name(one_line(text, most))


def number_of(most: int) -> Read:
    """Return the reader of an id: digits may have been broken."""
    return lambda text, place: one_line(whole_number(text), most)


def read_email(text: str, place: Place) -> str:
    """Return the first address of a cell, without the name before it."""
    text = text.removeprefix("mailto:").partition(" ::: ")[0]
    if named := ANGLE.fullmatch(text):
        text = named[1]
    try:
        return email_from_text(text).text
    except ValueError:
        return first_email(text)


def first_email(text: str) -> str:
    parts = [part for part in SEVERAL.split(text) if part]
    try:
        emails = [email_from_text(part).text for part in parts if len(parts) > 1]
    except ValueError:
        emails = []
    if not emails:
        raise CellError("email")
    return emails[0]


def read_phone(text: str, place: Place) -> str:
    """Return the first number of a cell, with the zero or plus that a spreadsheet took from it."""
    number = whole_number(text.partition(" ::: ")[0], phone_hint(place.country))
    number = phone_with_zero(number, place.country)
    try:
        return one_line(phone_from_text(number, place.country).text, 60)
    except ValueError:
        raise CellError("phone") from None


def phone_hint(country: str) -> str:
    return f"+{phonenumbers.country_code_for_region(country)} …"


def read_loose_phone(text: str, place: Place) -> str:
    return one_line(phone_with_zero(whole_number(text), place.country), 60)


def read_birth_date(text: str, place: Place) -> str | None:
    day = read_day(text, place.country)
    if day is not None and not FIRST_BIRTH_DATE.isoformat() <= day.isoformat() <= place.today:
        raise CellError("birth_date")
    return day.isoformat() if day else None


def read_moment(text: str, place: Place) -> str | None:
    """Return a time with its zone: that of the store, where the cell names none."""
    moment = moment_of(text, place)
    if moment is None or not 1900 <= moment.year <= 2200:
        raise CellError("date")
    return (moment if moment.tzinfo else moment.replace(tzinfo=place.zone)).isoformat()


def moment_of(text: str, place: Place) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day = read_day(text, place.country)
    return datetime.combine(day, time()) if day else None


def read_opening_day(text: str, place: Place) -> str:
    day = read_day(text, place.country)
    if day is None:
        raise CellError("date")
    return day.isoformat()


def read_website(text: str, place: Place) -> str:
    address = one_line(text, length("website"))
    if not WEBSITE.fullmatch(address):
        raise CellError("website")
    return address


def read_notes(text: str, place: Place) -> str:
    if len(text) > length("notes"):
        raise CellError("too_long", most=length("notes"))
    return text.replace("\r\n", "\n")


def read_uid(text: str, place: Place) -> str:
    uid = parse_uid(text.lower()) or parse_uid(text.lower(), text.lower().rpartition("_")[0] + "_")
    if uid is None:
        raise CellError("uid")
    return str(uid)


def amount(read: Callable[[str, int], Decimal]) -> Read:
    return lambda text, place: str(read(text, place.digits))


def rate(read: Callable[[str], Decimal]) -> Read:
    return lambda text, place: str(read(text))


def without_place(read: Callable[[str], Any]) -> Read:
    return lambda text, place: read(text)


def length(name: str, model: Any = Customer) -> int:
    return model._meta.get_field(name).max_length or 0


FIELDS: dict[str, Read] = {
    "uid": read_uid,
    "external_id": number_of(length("external_id")),
    "name": name_of(length("name")),
    "file_as": name_of(length("name")),
    "first_name": name_of(length("first_name")),
    "middle_name": name_of(length("first_name")),
    "last_name": name_of(length("last_name")),
    "company": name_of(length("company")),
    "party": name_of(length("company")),
    "parent": name_of(length("name")),
    "address_kind": text_of(100),
    "kind": without_place(choices.is_firm),
    "is_customer": without_place(choices.read_yes_or_no),
    "email": read_email,
    "cc_email": read_email,
    "phone": read_phone,
    "mobile": read_phone,
    "fax": read_loose_phone,
    "website": read_website,
    "gender": without_place(choices.read_gender),
    "birth_date": read_birth_date,
    "tax_id": number_of(length("tax_id")),
    "notes": read_notes,
    "marketing_opt_in": without_place(choices.read_yes_or_no),
    "opt_in_time": text_of(100),
    "opt_in_ip": text_of(100),
    "opt_out_time": text_of(100),
    "is_active": without_place(choices.read_yes_or_no),
    "is_blacklisted": without_place(choices.read_yes_or_no),
    "blacklist_reason": text_of(length("blacklist_reason")),
    "payment_terms": without_place(choices.read_payment_terms),
    "currency": without_place(choices.read_currency),
    "discount_rate": rate(read_percent),
    "is_account_enabled": without_place(choices.read_yes_or_no),
    "credit_limit": amount(read_positive),
    "price_adjustment": rate(read_adjustment),
    "minimum_charge_amount": amount(read_positive),
    "minimum_freight_amount": amount(read_positive),
    "is_loyalty_enabled": without_place(choices.read_yes_or_no),
    "is_beta": without_place(choices.read_yes_or_no),
    "is_assembly_enabled": without_place(choices.read_yes_or_no),
    "preferred_shipping": text_of(length("preferred_shipping")),
    "customer_since": read_moment,
    "tags": without_place(choices.read_tags),
    "opening_balance": amount(read_amount),
    "opening_date": read_opening_day,
}


def column_length(name: str, model: Any, default: int) -> int:
    names = {field.name for field in model._meta.concrete_fields}
    return length(name, model) if name in names else default


ADDRESS_FIELDS: dict[str, Read] = {
    name: text_of(column_length(name, Address, 250)) for name in ADDRESS
} | {
    "phone": read_loose_phone,
    "postcode": number_of(length("postcode", Address)),
    "country": without_place(country_code),
    "country_code": without_place(country_code),
}
CONTACT_FIELDS: dict[str, Read] = {
    name: text_of(column_length(name, Contact, 120)) for name in CONTACT
} | {
    "email": read_email,
    "phone": read_loose_phone,
    "is_primary": without_place(choices.read_yes_or_no),
}
