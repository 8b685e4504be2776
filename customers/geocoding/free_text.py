"""Reads an address out of one line of text.

There is seldom one way to read a line ("Perth, WA" or "Seattle, WA", "Georgia" the country or the
state), so all ways are given, the likelier first; who knows the places takes the first that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from customers.places import find_country, find_state

Parts = list[list[str]]  # the words between the commas

MAX_NAME_WORDS = 4  # words in the name of a city, state or country
MAX_CODE_LETTERS = 3  # letters in a country's code
# "City, ST" is written there, also by those who leave the country out.
STATES_ALSO_OF = ("US", "CA")

_SEPARATORS = re.compile(r"[,;\n]+")
_POSTCODE = re.compile(
    r"""
      \d{3,7} (?:-\d{3,4})?               # most countries, ZIP+4, Brazil, Japan
    | \d{3}[ ]\d{2}                       # Sweden, Czechia, Greece
    | \d{4}[ ]?[A-Z]{2}                   # the Netherlands
    | [A-Z]\d[A-Z] [ ]? \d[A-Z]\d         # Canada
    | [A-Z]{1,2}\d[A-Z\d]? [ ]? \d[A-Z]{2}  # the United Kingdom
    | [A-Z]\d[\dW] [ ]? [A-Z\d]{4}        # Ireland
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Address:
    """The components of an address.

    `unseparated`: nothing but a space stood between street and city, so both are a guess.
    """

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country_code: str = ""
    unseparated: bool = False


def interpretations_of_line(text: str, region: str) -> Iterator[Address]:
    """The ways to read a line, for a store in the country `region` (an ISO code, or blank)."""
    parts = [part.split() for part in _SEPARATORS.split(text)]
    yield from _peel([part for part in parts if part], Address(), region.upper())


def _peel(parts: Parts, read: Address, region: str) -> Iterator[Address]:
    """Take country, postcode and state off the end, in whatever order they stand there."""
    if parts and not read.country_code:
        for code, rest in _countries(parts, region):
            yield from _peel(rest, replace(read, country_code=code), region)
    if parts and not read.postcode:
        for postcode, rest in _postcodes(parts):
            yield from _peel(rest, replace(read, postcode=postcode), region)
    if parts and not read.state:
        for code, country, rest in _states(parts, read.country_code, region):
            yield from _peel(rest, replace(read, state=code, country_code=country), region)
    yield from _cities(parts, read)


def _tails(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The last words, the most first, and the words before them."""
    for length in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        yield " ".join(words[-length:]), words[:-length]


def _countries(parts: Parts, region: str) -> Iterator[tuple[str, Parts]]:
    last = " ".join(parts[-1])
    if find_state(last, region):
        return  # "Adelaide, SA" in Australia; Saudi Arabia is written in full there
    for tail, before in _tails(parts[-1]):
        country = find_country(tail)
        # A code counts only between commas: "Rue de la Paix" ends in none, "Calle DE" neither.
        if not country or (before and len(tail) <= MAX_CODE_LETTERS):
            continue
        yield country.code, _without_tail(parts, before)
        if not before:
            yield country.code, parts  # Singapore and Luxembourg are cities, too


def _postcodes(parts: Parts) -> Iterator[tuple[str, Parts]]:
    words = parts[-1]
    for length in (2, 1):
        tail = " ".join(words[-length:])
        if len(words) >= length and _POSTCODE.fullmatch(tail):
            yield tail, _without_tail(parts, words[:-length])
    # "80331 München": in front of the city, if that is not the front of the whole address, where
    # the number of a house stands.
    for length in (2, 1):
        head = " ".join(words[:length])
        if len(words) > length and len(parts) > 1 and _POSTCODE.fullmatch(head):
            yield head, [*parts[:-1], words[length:]]


def _states(parts: Parts, country: str, region: str) -> Iterator[tuple[str, str, Parts]]:
    for tail, before in _tails(parts[-1]):
        if len(tail) == 1 or any(character.isdigit() for character in tail):
            continue  # such codes exist, but not in addresses
        for code in dict.fromkeys([country] if country else [region, *STATES_ALSO_OF]):
            state = find_state(tail, code)
            if state:
                yield state.code, code, _without_tail(parts, before)


def _without_tail(parts: Parts, before: list[str]) -> Parts:
    return [*parts[:-1], before] if before else parts[:-1]


def _cities(parts: Parts, read: Address) -> Iterator[Address]:
    """The rest is street and city: the city is the last part, or the last words of it."""
    if not parts:
        yield read
        return
    *streets, last = parts
    if len(last) > 1 and last[0][0].isdigit():
        yield replace(read, street=_joined(parts))
    elif read.country_code or not find_country(" ".join(last)):
        # A country's name is a city's only beside a country: Australia is a town in Cuba.
        yield replace(read, street=_joined(streets), city=" ".join(last))
    for city, before in _tails(last):
        # The last words of just any phrase could be some city's name; a number before them, or
        # a country, state or postcode after them, tells an address.
        if before and (read != Address() or any(word[0].isdigit() for word in before)):
            street = _joined([*streets, before])
            yield replace(read, street=street, city=city, unseparated=True)


def _joined(parts: Parts) -> str:
    return ", ".join(" ".join(part) for part in parts)
