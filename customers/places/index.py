"""ISO 3166 by every key its countries and states are found under, built when first asked."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pycountry

from customers.canonical import fold
from customers.places.names import COUNTRY_ALIASES, COUNTRY_NAMES, STATE_ALIASES

LONGEST = 100  # no name of a place is longer; nothing longer is worth folding

# In this order a state that several countries have is theirs, before all others: the countries
# whose addresses are commonly written with one.
_STATES_IN_ADDRESSES = ("US", "AU", "CA", "NZ", "GB", "IN", "BR", "MX", "IE", "IT", "ES", "MY")

# Words beside a state's own name, in the languages ISO and people use for them.
_KINDS = frozenset(
    """
    administrative autonoma autonomous avtonomnyy canton city co comunidad county da de del
    departamento department district do dos emirate estado fu fylke gewest governorate
    gwangyeoksi ken kray lan municipality oblast of okrug persekutuan prefecture principado
    province provincia regiao region republic respublika sar sheng shi si special state
    territory teukbyeoljachido teukbyeolsi the wilayah zizhiqu
    """.split()  # noqa: SIM905
)
_SILENT = re.compile("[.'’‘`ʻʼ´]")
_BETWEEN = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"\s*(?:\[[^\]]*\]|\(EH[^)]*\))")
_INVERTED = re.compile(r"([^,]+), ((?:(?! and | y | et )[^,])+)")
_IN_BRACKETS = re.compile(r"[\[(]([^\])]+?)(?: [A-Z]{2}-\w+)?[\])]")


@dataclass(frozen=True, slots=True)
class Country:
    """A country under its two-letter code and usual short name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class State:
    """A subdivision of a country; the code without the country's prefix ("VIC")."""

    code: str
    name: str
    country_code: str


# By key, the states that have it, each with what makes it theirs.
StateIndex = dict[str, list[tuple[int, State]]]
_NAME, _CODE, _BARE = range(3)


def place_key(text: str | None) -> str:
    """Folded, without punctuation, "the", and the many ways of "and" and "saint"."""
    if not text or len(text) > LONGEST:
        return ""
    words = _BETWEEN.sub(" ", _SILENT.sub("", fold(text)).replace("&", " and ")).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("saint" if word == "st" else word for word in words)


def bare_key(key: str) -> str:
    """The key without words of kind at its ends: "auckland region", "county dublin"."""
    words = key.split()
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    while len(words) > 1 and words[0] in _KINDS:
        del words[0]
    return " ".join(words)


def _turn(name: str) -> str:
    """ISO's "Bristol, City of" as it is said; lists like "Newry, Mourne and Down" are no such."""
    inverted = _INVERTED.fullmatch(name)
    return f"{inverted[2]} {inverted[1]}" if inverted else name


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """All countries by the keys of their codes and names."""
    index: dict[str, Country] = {}
    for row in pycountry.countries:
        country = Country(row.alpha_2, COUNTRY_NAMES.get(row.alpha_2) or _usual_name(row))
        for name in (row.alpha_2, row.alpha_3, country.name, *_country_names(row)):
            index.setdefault(place_key(name), country)
    kosovo = Country("XK", "Kosovo")  # user-assigned in ISO, and in use by all who write it
    index |= {"xk": kosovo, "xkx": kosovo, "kosovo": kosovo}
    for alias, code in COUNTRY_ALIASES.items():
        index.setdefault(place_key(alias), index[place_key(code)])
    return index


def _usual_name(row: Any) -> str:
    return str(getattr(row, "common_name", row.name))


def _country_names(row: Any) -> Iterator[str]:
    for name in (row.name, getattr(row, "common_name", ""), getattr(row, "official_name", "")):
        if name:
            yield from (name, _turn(name), re.sub(r"\s*\([^)]*\)", "", name))


@lru_cache(maxsize=300)
def states_of(country_code: str) -> StateIndex:
    """One country's states by the keys of their codes and names."""
    code = country_code.upper()
    subdivisions: Any = pycountry.subdivisions
    rows = (subdivisions.get(country_code=code) or ()) if code else ()
    # Where a province is called like the community around it, the larger one is meant.
    ranked = sorted(rows, key=lambda row: (row.parent_code is not None, row.code))
    states = [(row, State(row.code[3:], _state_name(row.name), code)) for row in ranked]
    index: StateIndex = defaultdict(list)
    for rank, key, state in _keys(states, STATE_ALIASES.get(code, {})):
        if key:  # nothing is left of a name that is all punctuation
            index[key].append((rank, state))
    return dict(index)


def _keys(
    states: list[tuple[Any, State]], aliases: dict[str, str]
) -> Iterator[tuple[int, str, State]]:
    """(rank, key, state), those first that a key means rather than others."""
    for row, state in states:
        yield from ((_CODE, place_key(code), state) for code in (state.code, row.code))
    by_code = {state.code: state for _, state in states}
    yield from ((_NAME, place_key(alias), by_code[code]) for alias, code in aliases.items())
    yield from ((_NAME, place_key(state.name), state) for _, state in states)
    names = [(place_key(name), state) for row, state in states for name in _other_names(row, state)]
    yield from ((_NAME, key, state) for key, state in names)
    names += [(place_key(state.name), state) for _, state in states]
    yield from ((_BARE, bare_key(key), state) for key, state in names)


def _state_name(name: str) -> str:
    return _turn(_ASIDE.sub("", name)).strip()


def _other_names(row: Any, state: State) -> Iterator[str]:
    """The name with its kind, without it, and what ISO puts in brackets or after a slash."""
    yield from (f"{state.name} {row.type.split()[-1]}", row.name)
    inverted = _INVERTED.fullmatch(_ASIDE.sub("", row.name))
    if inverted:
        yield inverted[1]
    yield re.sub(r"\s*\([^)]*\)", "", state.name)
    yield re.sub(r"s län$", "", state.name)
    yield from _IN_BRACKETS.findall(row.name)
    if "/" in row.name:
        yield from row.name.split("/")


@lru_cache(maxsize=1)
def states_everywhere() -> StateIndex:
    """The states of all countries by key, in the order in which a key means them."""
    index: StateIndex = defaultdict(list)
    for country_code in sorted({row.country_code for row in pycountry.subdivisions}):
        for key, found in states_of(country_code).items():
            index[key] += found
    order = {code: rank for rank, code in enumerate(_STATES_IN_ADDRESSES)}
    for found in index.values():
        found.sort(key=lambda ranked: (ranked[0], order.get(ranked[1].country_code, len(order))))
    return dict(index)


def states_called(index: StateIndex, text: str | None) -> list[State]:
    """All states that a text means in an index, the likeliest first."""
    key = place_key(text)
    found = index.get(key) or index.get(bare_key(key)) or []
    return list(dict.fromkeys(state for _, state in found))
