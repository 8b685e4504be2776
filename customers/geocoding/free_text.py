"""Parse one line of text as an address.

A line often has several interpretations: "WA" is a state in Australia and in the United States,
and "Georgia" is a country and a state. All are yielded, the likeliest first. The caller, which has
the gazetteer, takes the first that fits a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from customers.geocoding.postcodes import leading_postcodes, trailing_postcodes
from customers.places import find_country, find_familiar_country, find_state

Parts = list[list[str]]  # the words between the commas

MAX_NAME_WORDS = 5  # words in the name of a city, state or country
MAX_CODE_LETTERS = 3  # letters in a country's code
MAX_DISTRICT_LETTERS = 2  # characters of a district behind a city: "Praha 1", "Aarhus C"
# Countries whose states are tried in every store: people there write "City, ST" without a country.
STATE_COUNTRIES = ("US", "CA")
HOME_NATIONS = ("ENG", "NIR", "SCT", "WLS")

_SEPARATORS = re.compile(r"[,;\n،、]+")
# Only behind the last number, where they separate names: "Milano (MI)", "Beyoğlu/İstanbul".
_NAME_SEPARATORS = re.compile(r"[()/](?=\D*$)")
_DASHES = re.compile(
    r"\s*[-–]\s*(?=\d{6}\b)|\s[-–]\s(?=[^\W\d_]{2}\b)"
)  # "Mumbai - 400001", "- SP"
# A region, city or district at the front of an East Asian address, which begins with the largest and needs
# no separators: "東京都千代田区丸の内1-9-1". Two characters at least, or "京都府" would end at its second one.
_EAST_ASIAN_UNIT = re.compile(
    r"[\s,]*([\u3400-\u9fff\uac00-\ud7a3]{2,}?(?:自治区|[都道府県市区郡町村省县縣區鄉鎮시도구군]))"
)
# A French post office for firms, behind the town: "69002 Lyon CEDEX 02".
_CEDEX = re.compile(r"(?<=\S)\s+cedex(?:\s+\d{1,2})?\b", re.IGNORECASE)
_POSTCODE_IN_FRONT = re.compile(r"\s*〒?\s*(\d{3}(?:-?\d{2,4})?|)[\s,、]*")


@dataclass(frozen=True)
class Address:
    """A possible reading of an address.

    `unseparated`: only a space separated street and city, so both are a guess.
    `doubtful`: a word was ignored or taken in an unusual sense; a postcode or a state must confirm
    the place.
    """

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country_code: str = ""
    unseparated: bool = False
    doubtful: bool = False


def interpretations_of_line(text: str, region: str) -> Iterator[Address]:
    """Yield the interpretations for a store in the country `region` (an ISO code, or blank)."""
    for line in dict.fromkeys((smallest_unit_first(text), text)):
        plain = _CEDEX.sub("", line.replace("〒", " "))
        separated = _NAME_SEPARATORS.sub(",", _DASHES.sub(", ", plain))
        parts = [part.split() for part in _SEPARATORS.split(separated)]
        yield from _peel([part for part in parts if part], Address(), region.upper())


def smallest_unit_first(text: str) -> str:
    """Return an East Asian address in the order of others, with commas; any other text as it is."""
    front = _POSTCODE_IN_FRONT.match(text)
    position = front.end() if front else 0
    units = []
    while unit := _EAST_ASIAN_UNIT.match(text, position):
        units.append(unit[1])
        position = unit.end()
    if not units:
        return text
    postcode = front[1] if front else ""
    rest = text[position:].strip()
    return ", ".join(part for part in (rest, *reversed(units), postcode) if part)


def _peel(parts: Parts, address: Address, region: str) -> Iterator[Address]:
    """Take country, postcode and state off the end, in any order, and add them to `address`."""
    if parts and not address.country_code:
        for with_country, rest in _countries(parts, address, region):
            yield from _peel(rest, with_country, region)
    if parts and not address.postcode:
        for postcode, prefix, rest in _postcodes(parts, address.country_code or region):
            country = address.country_code or prefix
            with_postcode = replace(address, postcode=postcode, country_code=country)
            yield from _peel(rest, with_postcode, region)
    # Behind England or Scotland, which come first, there may be a county.
    if parts and (not address.state or address.state in HOME_NATIONS):
        for with_state, rest in _states(parts, address, region):
            yield from _peel(rest, with_state, region)
    yield from _cities(parts, address)


def _tails(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (the last words, the words before them), from the longest tail to the shortest."""
    for length in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        yield " ".join(words[-length:]), words[:-length]


def _countries(parts: Parts, address: Address, region: str) -> Iterator[tuple[Address, Parts]]:
    """Yield (the address with a country from the end of the line, the rest of the line)."""
    last = " ".join(parts[-1])
    for tail, before in _tails(parts[-1]):
        country = find_familiar_country(tail) if before else find_country(tail)
        # A code counts only between commas: the last word of "Calle DE" is not Germany.
        if not country or (before and len(tail) <= MAX_CODE_LETTERS):
            continue
        state = address.state or _home_nation(tail, country.code)
        with_country = replace(address, country_code=country.code, state=state)
        if country.code != region and len(last) <= MAX_CODE_LETTERS and find_state(last, region):
            # Also a state's code in the store's country: "Adelaide, SA" in Australia, "Buenos
            # Aires, AR" in the United States.
            with_country = replace(with_country, doubtful=True)
        yield with_country, _without_tail(parts, before)
        if not before:
            yield with_country, parts  # Singapore and Luxembourg are cities, too


def _home_nation(name: str, country_code: str) -> str:
    """Return the code of a country within the United Kingdom ("Scotland"), or a blank text."""
    nation = find_state(name, country_code) if country_code == "GB" else None
    return nation.code if nation and nation.code in HOME_NATIONS else ""


def _postcodes(parts: Parts, country: str) -> Iterator[tuple[str, str, Parts]]:
    """Yield (postcode, the country of its prefix, the rest of the line)."""
    *others, words = parts
    for postcode, prefix, length in trailing_postcodes(words, country):
        yield postcode, prefix, _without_tail(parts, words[:-length])
    # "80331 München" has the postcode in front of the city. At the front of the whole line, a
    # number without a prefix is a house number.
    for postcode, prefix, length in leading_postcodes(words, country):
        if others or prefix:
            yield postcode, prefix, [*others, words[length:]]


def _states(parts: Parts, address: Address, region: str) -> Iterator[tuple[Address, Parts]]:
    """Yield (the address with a state from the end of the line, the rest of the line)."""
    country = address.country_code
    for tail, before in _tails(parts[-1]):
        if len(tail) == 1 or any(character.isdigit() for character in tail):
            continue  # ISO has such codes, but people do not write them in addresses
        for code in dict.fromkeys([country] if country else [region, *STATE_COUNTRIES]):
            state = find_state(tail, code)
            if state:
                with_state = replace(address, state=state.code or tail, country_code=code)
                yield with_state, _without_tail(parts, before)


def _without_tail(parts: Parts, before: list[str]) -> Parts:
    return [*parts[:-1], before] if before else parts[:-1]


def _cities(parts: Parts, address: Address) -> Iterator[Address]:
    """Split the rest into street and city: the city is the last part, or its last words."""
    if not parts:
        yield address
        return
    *streets, last = parts
    if len(last) > 1 and last[0][0].isdigit():
        yield replace(address, street=_join(parts))
    elif address.country_code or not find_familiar_country(" ".join(last)):
        # Accept a country's name as a city only beside a country: Australia is a town in Cuba.
        yield replace(address, street=_join(streets), city=" ".join(last))
        if streets and address.country_code and not streets[-1][0][0].isdigit():
            city = " ".join(streets[-1])  # "Uxbridge, Hillingdon": Hillingdon may be unknown
            yield replace(address, street=_join(streets[:-1]), city=city, doubtful=True)
    for city, before in _tails(last):
        # The last words of any phrase could be the name of a city. Require a number before them,
        # or a country, state or postcode after them.
        if streets and len(before) == 1 and before[0].isdigit():
            continue  # a postcode, "…, 5014 Bergen": a street is more than its number
        if before and (address != Address() or any(word[0].isdigit() for word in before)):
            street = _join([*streets, before])
            yield replace(address, street=street, city=city, unseparated=True)


def _join(parts: Parts) -> str:
    return ", ".join(" ".join(part) for part in parts)
