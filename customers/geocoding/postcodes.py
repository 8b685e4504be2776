"""Find postcodes among the words of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.geocoding.postal import has_format, split_prefix

MAX_WORDS = 2
MIN_DIGITS_ALONE = 5  # between commas; fewer digits are a house number

_POSTCODE = re.compile(
    r"""
      \d{3,7} (?:-\d{3,4})?               # most countries, ZIP+4, Brazil, Japan
    | \d{2}-\d{3}                         # Poland
    | \d{3}[ ]\d{2}                       # Sweden, Czechia, Greece
    | \d{4}[ ]?[A-Z]{2}                   # the Netherlands
    | [A-Z]\d[A-Z] [ ]? \d[A-Z]\d         # Canada
    | [A-Z]{1,2}\d[A-Z\d]? [ ]? \d[A-Z]{2}  # the United Kingdom
    | [A-Z]\d[\dW] [ ]? [A-Z\d]{4}        # Ireland
    """,
    re.VERBOSE | re.IGNORECASE,
)
# British and Canadian postcodes: no other part of an address looks like them.
_UNMISTAKABLE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)\b"
)

Matches = Iterator[tuple[str, str, int]]  # postcode, country of its prefix, number of words


def trailing_postcodes(words: list[str], country: str) -> Matches:
    for length in range(min(MAX_WORDS, len(words)), 0, -1):
        yield from _match(words[-length:], country)


def leading_postcodes(words: list[str], country: str) -> Matches:
    for length in range(min(MAX_WORDS, len(words) - 1), 0, -1):
        matches = list(_match(words[:length], country))
        yield from matches
        if matches:
            return  # the letters of "1012 JS Amsterdam" belong to no town


def _match(words: list[str], country: str) -> Matches:
    text = " ".join(words)
    prefix, postcode = split_prefix(text)
    is_local = any(map(str.isdigit, text)) and has_format(country, postcode)
    if prefix or is_local or _POSTCODE.fullmatch(postcode):
        yield postcode, prefix, len(words)


def postcode_in_street(street: str) -> str:
    """Return a postcode that was written into the street, or a blank text."""
    match = _UNMISTAKABLE.search(street)
    if match:
        return match[0]
    _, comma, last = street.rpartition(", ")
    is_long = comma and (len(last) >= MIN_DIGITS_ALONE if last.isdigit() else len(last) > 4)
    return last if is_long and _POSTCODE.fullmatch(last) else ""


def is_distinctive(postcode: str) -> bool:
    """Tell whether its form hints at a country; most countries use digits only, which do not."""
    return bool(postcode) and not postcode.isdigit()
