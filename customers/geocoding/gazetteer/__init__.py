"""A compact gazetteer: towns of the world by name, and postcodes of some countries.

`places.zip` holds small tables, so that a look-up unpacks one of them and memory stays small:
`city/<first two letters of the key>`, `post/<country><first character>`, and `states`. A table
is written by columns, one line each, its cells between tabs and its first column sorted.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from customers.canonical import fold

FILE = Path(__file__).with_name("places.zip")
SCALE = 1000  # coordinates are kept in thousandths of a degree, about 100 m
# How much of a written postcode the tables know, where it is not the whole of it.
POSTCODE_LENGTHS = {"CA": 3, "IE": 3, "NL": 4, "US": 5}
BRITISH_INWARD = 3  # characters of a British postcode after the district's

_APOSTROPHES = re.compile("['’‘`ʻʼ´]")
_BETWEEN = re.compile(r"[\W_]+")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place. `size` grows with the logarithm of its population."""

    geonameid: int
    name: str
    country_code: str
    state_code: str
    latitude: float
    longitude: float
    size: int


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """The middle of the places that share a postcode, under the code that the table knows."""

    code: str
    country_code: str
    state_code: str
    latitude: float
    longitude: float


def name_key(name: str) -> str:
    """The form in which names of towns are compared."""
    words = _BETWEEN.sub(" ", _APOSTROPHES.sub("", fold(name))).split()
    if len(words) > 1:
        words[0] = _ABBREVIATIONS.get(words[0], words[0])
    return " ".join(words)


def usual_name(key: str) -> str:
    """The name that a key has most often; the tables hold a name only where it is another."""
    return key.title()


@lru_cache(maxsize=4096)
def towns(key: str) -> tuple[Town, ...]:
    """All towns of that name, the largest first."""
    rows = _rows(f"city/{key[:2]}", key)
    found = (
        Town(
            geonameid=int(geonameid),
            name=name or usual_name(key),
            country_code=country,
            state_code=state,
            latitude=int(latitude) / SCALE,
            longitude=int(longitude) / SCALE,
            size=int(size),
        )
        for name, country, state, geonameid, latitude, longitude, size in rows
    )
    return tuple(sorted(found, key=lambda town: (-town.size, town.geonameid)))


@lru_cache(maxsize=4096)
def postcode_area(country_code: str, postcode: str) -> PostcodeArea | None:
    """The area of a postcode, None if the country's table has it not or there is no table."""
    written = postcode_key(postcode)
    for code in dict.fromkeys((written, known_part(country_code, written))):
        for state, latitude, longitude in _rows(f"post/{country_code}{code[:1]}", code):
            return PostcodeArea(
                code, country_code, state, int(latitude) / SCALE, int(longitude) / SCALE
            )
    return None


def postcode_key(postcode: str) -> str:
    return "".join(character for character in postcode.upper() if character.isalnum())


def known_part(country_code: str, code: str) -> str:
    if country_code == "GB":
        return code[:-BRITISH_INWARD]
    return code[: POSTCODE_LENGTHS.get(country_code)]


@cache
def states_known(country_code: str) -> frozenset[str]:
    """Codes of the states that the country's towns are told apart by; empty if they are not."""
    return frozenset(code for (code,) in _rows("states", country_code))


@cache
def has_postcodes(country_code: str) -> bool:
    """Whether there are tables of the country's postcodes."""
    return any(name.startswith(f"post/{country_code}") for name in _archive().namelist())


@cache
def _archive() -> zipfile.ZipFile:
    # From memory: a file's position would be shared by processes that are forked later.
    return zipfile.ZipFile(BytesIO(FILE.read_bytes()))


def _rows(table: str, key: str) -> list[tuple[str, ...]]:
    """The rows of a table whose first column is the key, without that column."""
    try:
        text = _archive().read(table).decode()
    except KeyError:
        return []
    keys, *columns = (line.split("\t") for line in text.split("\n"))
    found = slice(bisect_left(keys, key), bisect_right(keys, key))
    return list(zip(*(column[found] for column in columns), strict=True))
