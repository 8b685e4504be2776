"""Countries and states by ISO 3166, found by whatever code or name people write.

Names keep what ISO does not know: a `Place` whose code is empty shows its name as it was sent.
"""

import re
from dataclasses import dataclass

from customers.places.index import (
    Country,
    State,
    countries,
    familiar_countries,
    states_called,
    states_everywhere,
    states_of,
)
from customers.places.keys import place_key
from customers.places.names import WITHOUT_STATES

__all__ = [
    "Country",
    "Place",
    "PlaceErrors",
    "State",
    "countries_with_state",
    "find_country",
    "find_familiar_country",
    "find_state",
    "has_states",
    "resolve",
    "resolve_strict",
    "shown_name",
]

_COUNTRY_CODE = re.compile(r"[A-Za-z]{2}")
_STATE_CODE = re.compile(r"[A-Za-z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """State and country of an address; a code is empty where ISO does not know the name."""

    state_code: str
    state_name: str
    country_code: str
    country_name: str


class PlaceErrors(ValueError):
    """Every disagreement in a place, as (field, code).

    Codes: state_required, state_not_in_country, state_code_mismatch, unknown_state_code,
    country_code_mismatch, unknown_country_code.
    """

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors))
        self.errors = errors


def find_country(text: str | None) -> Country | None:
    """The country of a two- or three-letter code or of a common, official or former name.

    Names count in the country's own languages and in the most spoken ones of the world.
    """
    return countries().get(place_key(text))


def find_familiar_country(text: str | None) -> Country | None:
    """The same, by names in English and in the country's own languages only."""
    return familiar_countries().get(place_key(text))


def find_state(text: str | None, country_code: str) -> State | None:
    """The state of a code ("VIC", "AU-VIC") or name, with or without words like "Region"."""
    found = states_called(states_of(country_code), text)
    return found[0] if found else None


def countries_with_state(text: str | None) -> list[State]:
    """States of this name or code in all countries: names before codes, well-known ones first."""
    # A mere number is some state's code nearly everywhere, and says nothing without its country.
    return [] if text and text.strip().isdigit() else states_called(states_everywhere(), text)


def has_states(country_code: str) -> bool:
    """Whether addresses of the country can have a state: ISO lists some, and people write them."""
    return country_code not in WITHOUT_STATES and bool(states_of(country_code))


def resolve(state: str | None, country: str | None, region: str = "") -> Place:
    """The place of lenient dialects: codes and names where ISO knows them, else as sent.

    Without a country the states of `region`, the store's own, are tried; it stays without one.
    """
    state, country = (state or "").strip(), (country or "").strip()
    known_country = find_country(country)
    known_state = find_state(
        state, known_country.code if known_country else "" if country else region
    )
    return Place(
        known_state.code if known_state else "",
        shown_name(known_state, state),
        known_country.code if known_country else "",
        known_country.name if known_country else country,
    )


def resolve_strict(
    state: str | None,
    state_code: str | None,
    country: str | None,
    country_code: str | None,
    region: str = "",
) -> Place:
    """The place of the manufacturing dialect, where name and code, state and country must agree.

    Either of a pair may be missing and either may hold name or code. Without a country it is that
    of the state, `region` before all others. What ISO knows nothing of is kept as sent, a code too
    while it looks like one. Raises PlaceErrors with every disagreement.
    """
    sent = [(text or "").strip() for text in (state, state_code, country, country_code)]
    errors: list[tuple[str, str]] = []
    known_country = _agreed_country(sent[2], sent[3], errors)
    known_state = _agreed_state(sent[0], sent[1], known_country, region, errors)
    if errors or known_state is None:
        raise PlaceErrors(errors)
    known_country = known_country or find_country(known_state.country_code) or Country("", "")
    name = shown_name(known_state, sent[0] or sent[1])
    return Place(known_state.code, name, known_country.code, known_country.name)


def shown_name(state: State | None, sent: str) -> str:
    """The state's name in ISO; one without a code there keeps the spelling it was sent with."""
    return state.name if state and state.code else sent


def _agreed_country(name: str, code: str, errors: list[tuple[str, str]]) -> Country | None:
    """None where neither was sent or the code is unknown; the name's country if they disagree."""
    named, coded = find_country(name), find_country(code)
    if name and coded and named != coded:
        errors.append(("country_code", "country_code_mismatch"))
    elif code and not coded and (named or not name or not _COUNTRY_CODE.fullmatch(code)):
        errors.append(("country_code", "unknown_country_code"))
    return named or coded or (Country(code, name) if name else None)


def _agreed_state(
    name: str, code: str, known_country: Country | None, region: str, errors: list[tuple[str, str]]
) -> State | None:
    country_code = known_country.code if known_country else ""
    needs_state = not country_code or has_states(country_code)
    if not name and not code and needs_state:
        errors.append(("state", "state_required"))
        return None
    if known_country is None:
        return _state_anywhere(name, code, region, errors)
    index = states_of(country_code)
    if (needs_state and index) or states_called(index, name) or states_called(index, code):
        return _state_within(name, code, country_code, errors)
    return _state_as_sent(name, code, errors)


def _state_within(
    name: str, code: str, country_code: str, errors: list[tuple[str, str]]
) -> State | None:
    """A state of the country. A name that no country has is kept as sent; a lone code has to be known."""
    index = states_of(country_code)
    named, coded = states_called(index, name), states_called(index, code)
    if name and not named and not coded and not countries_with_state(name):
        return _state_as_sent(name, code, errors)
    if name and not named:
        errors.append(("state", "state_not_in_country"))
        return None
    if code and not coded and not name:
        errors.append(("state_code", "state_not_in_country"))
        return None
    return _both(name, code, named, coded, errors)


def _state_anywhere(
    name: str, code: str, region: str, errors: list[tuple[str, str]]
) -> State | None:
    named, coded = _candidates(name, region), _candidates(code, region)
    if name and not named and not coded:
        return _state_as_sent(name, code, errors)
    return _both(name, code, named, coded, errors)


def _both(
    name: str, code: str, named: list[State], coded: list[State], errors: list[tuple[str, str]]
) -> State | None:
    """The likeliest state that name and code both mean, where both were sent."""
    agreed = named if not code else coded if not name else [s for s in named if s in coded]
    if not agreed:
        errors.append(("state_code", "state_code_mismatch" if coded else "unknown_state_code"))
    return agreed[0] if agreed else None


def _state_as_sent(name: str, code: str, errors: list[tuple[str, str]]) -> State:
    if code and not _STATE_CODE.fullmatch(code):
        errors.append(("state_code", "unknown_state_code"))
    return State(code, name or code, "")


def _candidates(text: str, region: str) -> list[State]:
    return [*states_called(states_of(region), text), *countries_with_state(text)]
