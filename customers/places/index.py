"""Indexes of ISO 3166: countries and states by the keys of all their names, built at first use."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pycountry

from customers.places.keys import CITY_KINDS, bare_key, fits_kind, place_key
from customers.places.names import (
    ADDED_STATES,
    COUNTRY_ALIASES,
    COUNTRY_NAMES,
    NOT_STATES,
    STATE_ALIASES,
    UNCODED_STATES,
)
from customers.places.tables import country_keys, state_keys

# Countries whose addresses usually have a state. If several countries have a state of one name,
# the first of these wins.
_STATES_IN_ADDRESSES = ("US", "AU", "CA", "NZ", "GB", "IN", "BR", "MX", "IE", "IT", "ES", "MY")

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
    """A subdivision of a country; its code has no country prefix ("VIC").

    The code is blank for a region that people write in addresses but ISO does not list. `parent`
    is the code of the larger subdivision around it, if any.
    """

    code: str
    name: str
    country_code: str
    parent: str = ""
    is_city: bool = False


# By key, (rank, state); a lower rank is a better match, the ranks are below.
StateIndex = dict[str, list[tuple[int, State]]]
_NAME, _CODE, _OTHER, _BARE = range(4)


def _turn(name: str) -> str:
    """Return "City of Bristol" for "Bristol, City of"; leave lists with "and" as they are."""
    inverted = _INVERTED.fullmatch(name)
    return f"{inverted[2]} {inverted[1]}" if inverted else name


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Index all countries by their codes and their names in all languages of the table."""
    index = dict(familiar_countries())
    by_code = {country.code: country for country in index.values()}
    for code, _, other in country_keys():
        for key in other:
            index.setdefault(key, by_code[code])
    return index


@lru_cache(maxsize=1)
def familiar_countries() -> dict[str, Country]:
    """Index all countries by their codes and their names in English and their own languages."""
    index: dict[str, Country] = {}
    for row in pycountry.countries:
        country = Country(row.alpha_2, COUNTRY_NAMES.get(row.alpha_2) or _usual_name(row))
        for name in (row.alpha_2, row.alpha_3, country.name, *_country_names(row)):
            index.setdefault(place_key(name), country)
    # ISO leaves XK to users; it is in common use.
    index |= dict.fromkeys(("xk", "xkx", "kosovo"), Country("XK", "Kosovo"))
    for alias, code in COUNTRY_ALIASES.items():
        index.setdefault(place_key(alias), index[place_key(code)])
    for code, familiar, _ in country_keys():
        for key in familiar:
            index.setdefault(key, index[place_key(code)])
    return index


def _usual_name(row: Any) -> str:
    return str(getattr(row, "common_name", row.name))


def _country_names(row: Any) -> Iterator[str]:
    for name in (row.name, getattr(row, "common_name", ""), getattr(row, "official_name", "")):
        if name:
            yield from (name, _turn(name), re.sub(r"\s*\([^)]*\)", "", name))


@lru_cache(maxsize=300)
def states_of(country_code: str) -> StateIndex:
    """Index a country's states by their codes and names."""
    code = country_code.upper()
    index = {key: list(ranked) for key, ranked in states_by_iso(code).items()}
    by_code = {state.code: state for ranked in index.values() for _, state in ranked}
    names = [(key, by_code[state]) for state, keys in state_keys().get(code, ()) for key in keys]
    for key, state in names:
        index.setdefault(key, []).append((_OTHER, state))
    for key, state in names:
        index.setdefault(bare_key(key), []).append((_BARE, state))
    for name in NOT_STATES.get(code, ()):
        index.pop(place_key(name), None)
    for state in _uncoded_states(code):
        ranked = index.setdefault(place_key(state.name), [])
        if not any(rank < _BARE for rank, _ in ranked):
            ranked.insert(0, (_OTHER, state))
    return index


@lru_cache(maxsize=1)  # `states_of` caches the index that it builds from this one
def states_by_iso(code: str) -> StateIndex:
    """Index a country's states by the codes and names in ISO and in `names.py`."""
    subdivisions: Any = pycountry.subdivisions
    rows = (subdivisions.get(country_code=code) or ()) if code else ()
    # If a province has the name of the community around it, the larger one comes first.
    rows = sorted(rows, key=lambda row: (row.parent_code is not None, row.code))
    index: StateIndex = defaultdict(list)
    for rank, key, state in _keys([(row, _state(row)) for row in rows], code):
        if key:  # blank for a name of punctuation only
            index[key].append((rank, state))
    for state in (State(added, name, code) for added, name in ADDED_STATES.get(code, {}).items()):
        index[place_key(state.code)].append((_CODE, state))
        index[place_key(state.name)].append((_NAME, state))
    return dict(index)


def _state(row: Any) -> State:
    words = {*place_key(row.type).split(), *place_key(row.name).split()}
    parent = (row.parent_code or "")[3:]
    is_city = not words.isdisjoint(CITY_KINDS)
    return State(row.code[3:], _state_name(row.name), row.country_code, parent, is_city)


def _uncoded_states(country_code: str) -> Iterator[State]:
    """Yield the regions without a code in ISO, one State for each of their names."""
    for parent, names in UNCODED_STATES.get(country_code, {}).items():
        for name in re.split(r"[;\n]", names):
            if name.strip():
                yield State("", name.strip(), country_code, parent)


def _keys(states: list[tuple[Any, State]], country_code: str) -> Iterator[tuple[int, str, State]]:
    """Yield (rank, key, state); of the states with one key, the likeliest comes first."""
    for row, state in states:
        yield from ((_CODE, place_key(code), state) for code in (state.code, row.code))
    by_code = {state.code: state for _, state in states}
    aliases = STATE_ALIASES.get(country_code, {}).items()
    yield from ((_NAME, place_key(alias), by_code[code]) for alias, code in aliases)
    yield from ((_NAME, place_key(state.name), state) for _, state in states)
    names = [(place_key(name), state) for row, state in states for name in _other_names(row, state)]
    yield from ((_NAME, key, state) for key, state in names)
    names += [(place_key(state.name), state) for _, state in states]
    yield from ((_BARE, bare_key(key), state) for key, state in names)


def _state_name(name: str) -> str:
    return _turn(_ASIDE.sub("", name)).strip()


def _other_names(row: Any, state: State) -> Iterator[str]:
    """Yield the name with and without its kind, and ISO's variants in brackets or after a slash."""
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
    """Index the states of all countries; of the states with one key, the likeliest comes first."""
    index: StateIndex = defaultdict(list)
    for country_code in sorted({row.country_code for row in pycountry.subdivisions}):
        for key, ranked in states_of(country_code).items():
            index[key] += ranked
    order = {code: position for position, code in enumerate(_STATES_IN_ADDRESSES)}
    for ranked in index.values():
        ranked.sort(key=lambda entry: (entry[0], order.get(entry[1].country_code, len(order))))
    return dict(index)


def states_called(index: StateIndex, text: str | None) -> list[State]:
    """Return all states of that code or name in the index, the likeliest first."""
    key = place_key(text)
    bare = bare_key(key)
    matches = index.get(key) or [
        (rank, state)
        for rank, state in index.get(bare, ())
        if fits_kind(key, bare, is_city=state.is_city)
    ]
    return list(dict.fromkeys(state for _, state in matches))
