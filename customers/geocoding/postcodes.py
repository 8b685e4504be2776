"""Finds postcodes among the words of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.geocoding.postal import has_format, without_prefix

MAX_WORDS = 2
MIN_DIGITS_ALONE = 5  # fewer, alone between commas, are the number of a house

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
# British and Canadian postcodes, which nothing else in an address looks like.
_UNMISTAKABLE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)\b"
)

Found = Iterator[tuple[str, str, int]]  # postcode, the country in front of it, how many words


def trailing_postcodes(words: list[str], country: str) -> Found:
    for length in range(min(MAX_WORDS, len(words)), 0, -1):
        yield from _read(words[-length:], country)


def heading_postcodes(words: list[str], country: str) -> Found:
    for length in range(min(MAX_WORDS, len(words) - 1), 0, -1):
        yield from _read(words[:length], country)


def _read(words: list[str], country: str) -> Found:
    text = " ".join(words)
    named, postcode = without_prefix(text)
    is_own = any(map(str.isdigit, text)) and has_format(country, postcode)
    if named or is_own or _POSTCODE.fullmatch(postcode):
        yield postcode, named, len(words)


def postcode_left_in(street: str) -> str:
    """A postcode that was taken for a part of the street; blank if there is none."""
    found = _UNMISTAKABLE.search(street)
    if found:
        return found[0]
    _, comma, last = street.rpartition(", ")
    looks_like_one = comma and (len(last) >= MIN_DIGITS_ALONE if last.isdigit() else len(last) > 4)
    return last if looks_like_one and _POSTCODE.fullmatch(last) else ""


def is_telling(postcode: str) -> bool:
    """Whether the form of a postcode says something about its country: most have digits alone."""
    return bool(postcode) and not postcode.isdigit()
