"""A compact gazetteer: towns of the world by name, and postcodes of some countries.

`places.zip` holds many small tables, so that a look-up unpacks only one of them:
`city/<first two letters of the key>` (the block of the first letter outside of Latin), `post/<country><first
character>`, and `states`. A line of a table is a column, with cells separated by tabs. The first column
holds the keys, sorted.
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
SCALE = 1000  # the tables have coordinates in thousandths of a degree, about 100 m
# Countries whose tables hold only the first characters of a postcode.
POSTCODE_LENGTHS = {"CA": 3, "IE": 3, "NL": 4, "US": 5}
LETTERS_IN_TABLE = 64  # first letters of other scripts that share a table of towns
LAST_LATIN_LETTER = "\u017f"
BRITISH_INWARD = 3  # characters of a British postcode after the district, not in the tables

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
    """The centre of a postcode; `code` is the postcode, or the first part of it, in the table."""

    code: str
    country_code: str
    state_code: str
    latitude: float
    longitude: float


def name_key(name: str) -> str:
    """Return the form in which names of towns are compared."""
    words = _BETWEEN.sub(" ", _APOSTROPHES.sub("", fold(name))).split()
    if len(words) > 1:
        words[0] = _ABBREVIATIONS.get(words[0], words[0])
    return " ".join(words)


def usual_name(key: str) -> str:
    """Return the name that the tables leave out: the key with capitals."""
    return key.title()


def town_table(key: str) -> str:
    """Return the name of the table that has the towns with this key."""
    if key[:1] <= LAST_LATIN_LETTER:
        return f"city/{key[:2]}"
    return f"city/{ord(key[0]) // LETTERS_IN_TABLE:x}"


@lru_cache(maxsize=4096)
def towns(key: str) -> tuple[Town, ...]:
    """Return all towns of that name, the largest first."""
    rows = _rows(town_table(key), key)
    matches = (
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
    return tuple(sorted(matches, key=lambda town: (-town.size, town.geonameid)))


@lru_cache(maxsize=4096)
def postcode_area(country_code: str, postcode: str) -> PostcodeArea | None:
    """Return the area of a postcode, or None if the country has no table or the table lacks it."""
    key = postcode_key(postcode)
    for code in dict.fromkeys((key, recorded_part(country_code, key))):
        for state, latitude, longitude in _rows(f"post/{country_code}{code[:1]}", code):
            return PostcodeArea(
                code, country_code, state, int(latitude) / SCALE, int(longitude) / SCALE
            )
    return None


def postcode_key(postcode: str) -> str:
    return "".join(character for character in postcode.upper() if character.isalnum())


def recorded_part(country_code: str, code: str) -> str:
    """Return the part of a postcode that the country's table holds."""
    if country_code == "GB":
        return code[:-BRITISH_INWARD]
    return code[: POSTCODE_LENGTHS.get(country_code)]


@cache
def recorded_states(country_code: str) -> frozenset[str]:
    """Return the state codes that the country's towns have; empty if its towns have none."""
    return frozenset(code for (code,) in _rows("states", country_code))


@cache
def has_postcodes(country_code: str) -> bool:
    """Tell whether there are tables of the country's postcodes."""
    return any(name.startswith(f"post/{country_code}") for name in _archive().namelist())


@cache
def _archive() -> zipfile.ZipFile:
    # Read it into memory: processes forked later would share the position in an open file.
    return zipfile.ZipFile(BytesIO(FILE.read_bytes()))


def _rows(table: str, key: str) -> list[tuple[str, ...]]:
    """Return the rows of a table with this key, without the column of keys."""
    try:
        text = _archive().read(table).decode()
    except KeyError:
        return []
    keys, *columns = (line.split("\t") for line in text.split("\n"))
    matches = slice(bisect_left(keys, key), bisect_right(keys, key))
    return list(zip(*(column[matches] for column in columns), strict=True))
