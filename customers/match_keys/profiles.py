"""The profile of a customer: what it is compared by, in forms that do not depend on the way of writing.

It is stored as text, so that a comparison reads one short row a customer and no addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from customers.canonical import fold, phone_digits
from customers.match_keys.streets import parse_street

LEAST_PHONE_DIGITS = 6
MOST_PLACES = 5
WORD = re.compile(r"[^\W_]+")
LEGAL_FORMS = frozenset(
    ["pty", "ltd", "limited", "inc", "llc", "co", "corp", "gmbh", "ag", "kg", "plc", "the", "and"]
)


class Place(NamedTuple):
    """An address: the house number, its street and where they are."""

    number: str
    street: str
    postcode: str
    town: str


class Profile(NamedTuple):
    """What a customer is compared by. Each value is blank or empty where nothing is known."""

    first: str
    last: str
    company: str
    email: str
    phones: tuple[str, ...]
    tax_id: str
    born: str
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """Return the profile as it is stored."""
        places = [tuple(place) for place in self.places]
        return orjson.dumps((*self[:-1], places)).decode()

    @classmethod
    def of_text(cls, text: str) -> Profile:
        first, last, company, email, phones, tax_id, born, places = orjson.loads(text)
        own_places = tuple(map(Place._make, places))
        return cls(first, last, company, email, tuple(phones), tax_id, born, own_places)


def profile_of(row: Mapping[str, Any], addresses: Iterable[Mapping[str, Any]]) -> Profile:
    """Return the profile of a customer's columns and of its addresses' columns."""
    places = dict.fromkeys(map(place_of, addresses))
    born = row["birth_date"]
    return Profile(
        *names_of(row),
        company=company_key(row["company"]),
        email=row["email_key"],
        phones=tuple(dict.fromkeys(phones_of(row))),
        tax_id="".join(WORD.findall(fold(row["tax_id"]))),
        born=str(born) if born else "",
        places=tuple(place for place in places if any(place))[:MOST_PLACES],
    )


def names_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last name, each as words with single spaces."""
    first, last = name_key(row["first_name"]), name_key(row["last_name"])
    return (first, last) if first or last else ("", name_key(row["name"]))


def name_key(text: str) -> str:
    return " ".join(WORD.findall(fold(text).replace("'", ""))) if text else ""


def company_key(text: str) -> str:
    """Return the words of a company without its legal form, unless nothing else is left."""
    words = name_key(text).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def phones_of(row: Mapping[str, Any]) -> Iterable[str]:
    """Yield the digits of phone and mobile without leading zeros. A number may lack its dial code."""
    numbers = (row["phone_e164"] or row["phone"], row["mobile"])
    for digits in (phone_digits(number).lstrip("0") for number in numbers if number):
        if len(digits) >= LEAST_PHONE_DIGITS:
            yield digits


def place_of(address: Mapping[str, Any]) -> Place:
    number, street = parse_street(address["line1"])
    if not number and address["line2"]:
        number = parse_street(address["line2"])[0]
    postcode = "".join(WORD.findall(fold(address["postcode"])))
    return Place(number, street, postcode, name_key(address["city"]))
