"""Reads an address out of one line of text.

There is seldom one way to read a line ("Perth, WA" or "Seattle, WA", "Georgia" the country or the
state), so all ways are given, the likelier first; who knows the places takes the first that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from customers.geocoding.postcodes import heading_postcodes, trailing_postcodes
from customers.places import find_country, find_familiar_country, find_state

Parts = list[list[str]]  # the words between the commas

MAX_NAME_WORDS = 5  # words in the name of a city, state or country
MAX_CODE_LETTERS = 3  # letters in a country's code
MAX_DISTRICT_LETTERS = 2  # of what stands behind a city: "Praha 1", "Aarhus C"
# "City, ST" is written there, also by those who leave the country out.
STATES_ALSO_OF = ("US", "CA")
HOME_NATIONS = ("ENG", "NIR", "SCT", "WLS")

_SEPARATORS = re.compile(r"[,;\n،、]+")
# Behind the last number, where only names stand: "Milano (MI)", "Beyoğlu/İstanbul".
_SEPARATORS_OF_NAMES = re.compile(r"[()/](?=\D*$)")
_DASHES = re.compile(
    r"\s*[-–]\s*(?=\d{6}\b)|\s[-–]\s(?=[^\W\d_]{2}\b)"
)  # "Mumbai - 400001", "- SP"


@dataclass(frozen=True)
class Address:
    """The components of an address.

    `unseparated`: nothing but a space stood between street and city, so both are a guess.
    `doubtful`: words were passed over or read against their usual sense; a postcode or a state has
    to confirm the place.
    """

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country_code: str = ""
    unseparated: bool = False
    doubtful: bool = False


def interpretations_of_line(text: str, region: str) -> Iterator[Address]:
    """The ways to read a line, for a store in the country `region` (an ISO code, or blank)."""
    separated = _SEPARATORS_OF_NAMES.sub(",", _DASHES.sub(", ", text.replace("〒", " ")))
    parts = [part.split() for part in _SEPARATORS.split(separated)]
    yield from _peel([part for part in parts if part], Address(), region.upper())


def _peel(parts: Parts, read: Address, region: str) -> Iterator[Address]:
    """Take country, postcode and state off the end, in whatever order they stand there."""
    if parts and not read.country_code:
        for named, rest in _countries(parts, read, region):
            yield from _peel(rest, named, region)
    if parts and not read.postcode:
        for postcode, country, rest in _postcodes(parts, read.country_code or region):
            country = read.country_code or country
            yield from _peel(rest, replace(read, postcode=postcode, country_code=country), region)
    if parts and (not read.state or read.state in HOME_NATIONS):
        for state, rest in _states(parts, read, region):
            yield from _peel(rest, state, region)
    yield from _cities(parts, read)


def _tails(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The last words, the most first, and the words before them."""
    for length in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        yield " ".join(words[-length:]), words[:-length]


def _countries(parts: Parts, read: Address, region: str) -> Iterator[tuple[Address, Parts]]:
    last = " ".join(parts[-1])
    for tail, before in _tails(parts[-1]):
        country = find_familiar_country(tail) if before else find_country(tail)
        # A code counts only between commas: "Rue de la Paix" ends in none, "Calle DE" neither.
        if not country or (before and len(tail) <= MAX_CODE_LETTERS):
            continue
        named = replace(
            read, country_code=country.code, state=read.state or _nation(tail, country.code)
        )
        if country.code != region and len(last) <= MAX_CODE_LETTERS and find_state(last, region):
            # "Adelaide, SA" in Australia, "Buenos Aires, AR" in the United States.
            named = replace(named, doubtful=True)
        yield named, _without_tail(parts, before)
        if not before:
            yield named, parts  # Singapore and Luxembourg are cities, too


def _nation(name: str, country_code: str) -> str:
    """The code of England, Scotland, Wales or Northern Ireland, which stand where a country does."""
    nation = find_state(name, country_code) if country_code == "GB" else None
    return nation.code if nation and nation.code in HOME_NATIONS else ""


def _postcodes(parts: Parts, country: str) -> Iterator[tuple[str, str, Parts]]:
    """(postcode, the country in front of it, the rest)."""
    *others, words = parts
    for postcode, named, length in trailing_postcodes(words, country):
        yield postcode, named, _without_tail(parts, words[:-length])
    # "80331 München": in front of the city, if that is not the front of the whole address, where
    # the number of a house stands.
    for postcode, named, length in heading_postcodes(words, country):
        if others or named:
            yield postcode, named, [*others, words[length:]]


def _states(parts: Parts, read: Address, region: str) -> Iterator[tuple[Address, Parts]]:
    country = read.country_code
    for tail, before in _tails(parts[-1]):
        if len(tail) == 1 or any(character.isdigit() for character in tail):
            continue  # such codes exist, but not in addresses
        for code in dict.fromkeys([country] if country else [region, *STATES_ALSO_OF]):
            state = find_state(tail, code)
            if state:
                found = replace(read, state=state.code or tail, country_code=code)
                yield found, _without_tail(parts, before)


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
    elif read.country_code or not find_familiar_country(" ".join(last)):
        # A country's name is a city's only beside a country: Australia is a town in Cuba.
        yield replace(read, street=_joined(streets), city=" ".join(last))
        if streets and read.country_code and not streets[-1][0][0].isdigit():
            city = " ".join(streets[-1])  # "Uxbridge, Hillingdon": the last name is none we know
            yield replace(read, street=_joined(streets[:-1]), city=city, doubtful=True)
    for city, before in _tails(last):
        # The last words of just any phrase could be some city's name; a number before them, or
        # a country, state or postcode after them, tells an address.
        if before and (read != Address() or any(word[0].isdigit() for word in before)):
            street = _joined([*streets, before])
            yield replace(read, street=street, city=city, unseparated=True)


def _joined(parts: Parts) -> str:
    return ", ".join(" ".join(part) for part in parts)
