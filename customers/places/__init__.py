"""Countries and states of ISO 3166, found by any code or name that people write.

Names that ISO does not list are stored as sent: a `Place` then has a name but no code.
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
    "find_country",
    "find_familiar_country",
    "find_state",
    "has_states",
    "resolve",
    "resolve_strict",
    "shown_name",
    "states_in_all_countries",
]

_COUNTRY_CODE = re.compile(r"[A-Za-z]{2}")
_STATE_CODE = re.compile(r"[A-Za-z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """State and country of an address; a code is blank if ISO does not list the name."""

    state_code: str
    state_name: str
    country_code: str
    country_name: str


class PlaceErrors(ValueError):
    """All errors in a place, as (field, code).

    Codes: state_required, state_not_in_country, state_code_mismatch, unknown_state_code,
    country_code_mismatch, unknown_country_code.
    """

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors))
        self.errors = errors


def find_country(text: str | None) -> Country | None:
    """Find a country by its two- or three-letter code or a common, official or former name.

    Accepts names in the country's own languages and in the most spoken ones of the world.
    """
    return countries().get(place_key(text))


def find_familiar_country(text: str | None) -> Country | None:
    """Find a country by its code, or a name in English or one of its own languages."""
    return familiar_countries().get(place_key(text))


def find_state(text: str | None, country_code: str) -> State | None:
    """Find a state by code ("VIC", "AU-VIC") or name, with or without words like "Region"."""
    matches = states_called(states_of(country_code), text)
    return matches[0] if matches else None


def states_in_all_countries(text: str | None) -> list[State]:
    """Return states of this name or code: names before codes, countries that use states first."""
    # Ignore a bare number: nearly every country has a state with this code.
    return [] if text and text.strip().isdigit() else states_called(states_everywhere(), text)


def has_states(country_code: str) -> bool:
    """Tell whether addresses of the country have a state: ISO lists some, and people write them."""
    return country_code not in WITHOUT_STATES and bool(states_of(country_code))


def resolve(state: str | None, country: str | None, region: str = "") -> Place:
    """Return the place for lenient dialects: code and name from ISO, or the text as sent.

    Without a country, look for the state in `region`, the store's country; the country stays blank.
    """
    state, country = (state or "").strip(), (country or "").strip()
    iso_country = find_country(country)
    iso_state = find_state(state, iso_country.code if iso_country else "" if country else region)
    return Place(
        iso_state.code if iso_state else "",
        shown_name(iso_state, state),
        iso_country.code if iso_country else "",
        iso_country.name if iso_country else country,
    )


def resolve_strict(
    state: str | None,
    state_code: str | None,
    country: str | None,
    country_code: str | None,
    region: str = "",
) -> Place:
    """Return the place for the manufacturing dialect, which refuses contradictions.

    Name and code must agree, and so must state and country. Either of a pair may be missing, and
    either may hold a name or a code. Without a country, take the country of the state, preferably
    `region`. Keep names as sent if ISO does not list them, and codes if they look like one.
    Raises PlaceErrors.
    """
    texts = [(text or "").strip() for text in (state, state_code, country, country_code)]
    errors: list[tuple[str, str]] = []
    agreed_country = _agreed_country(texts[2], texts[3], errors)
    agreed_state = _agreed_state(texts[0], texts[1], agreed_country, region, errors)
    if errors or agreed_state is None:
        raise PlaceErrors(errors)
    agreed_country = agreed_country or find_country(agreed_state.country_code) or Country("", "")
    name = shown_name(agreed_state, texts[0] or texts[1])
    return Place(agreed_state.code, name, agreed_country.code, agreed_country.name)


def shown_name(state: State | None, sent: str) -> str:
    """Return the state's name from ISO, or the text as sent if ISO has no code for the state."""
    return state.name if state and state.code else sent


def _agreed_country(name: str, code: str, errors: list[tuple[str, str]]) -> Country | None:
    """Return the country that name and code mean; if they disagree, that of the name.

    None if neither was sent, or if there is only a code and it is unknown.
    """
    by_name, by_code = find_country(name), find_country(code)
    if name and by_code and by_name != by_code:
        errors.append(("country_code", "country_code_mismatch"))
    elif code and not by_code and (by_name or not name or not _COUNTRY_CODE.fullmatch(code)):
        errors.append(("country_code", "unknown_country_code"))
    return by_name or by_code or (Country(code, name) if name else None)


def _agreed_state(
    name: str, code: str, country: Country | None, region: str, errors: list[tuple[str, str]]
) -> State | None:
    """Return the state that name and code mean, or None after adding the reason to `errors`."""
    country_code = country.code if country else ""
    needs_state = not country_code or has_states(country_code)
    if not name and not code and needs_state:
        errors.append(("state", "state_required"))
        return None
    if country is None:
        return _state_anywhere(name, code, region, errors)
    index = states_of(country_code)
    if (needs_state and index) or states_called(index, name) or states_called(index, code):
        return _state_within(name, code, country_code, errors)
    return _state_as_sent(name, code, errors)


def _state_within(
    name: str, code: str, country_code: str, errors: list[tuple[str, str]]
) -> State | None:
    """Return a state of the country; keep a name as sent if no country has such a state.

    A code without a name must be one of the country's.
    """
    index = states_of(country_code)
    by_name, by_code = states_called(index, name), states_called(index, code)
    if name and not by_name and not by_code and not states_in_all_countries(name):
        return _state_as_sent(name, code, errors)
    if name and not by_name:
        errors.append(("state", "state_not_in_country"))
        return None
    if code and not by_code and not name:
        errors.append(("state_code", "state_not_in_country"))
        return None
    return _match_both(name, code, by_name, by_code, errors)


def _state_anywhere(
    name: str, code: str, region: str, errors: list[tuple[str, str]]
) -> State | None:
    by_name, by_code = _candidates(name, region), _candidates(code, region)
    if name and not by_name and not by_code:
        return _state_as_sent(name, code, errors)
    return _match_both(name, code, by_name, by_code, errors)


def _match_both(
    name: str, code: str, by_name: list[State], by_code: list[State], errors: list[tuple[str, str]]
) -> State | None:
    """Return the likeliest state that the name and the code mean, as far as they were sent."""
    matches = by_name if not code else by_code if not name else [s for s in by_name if s in by_code]
    if not matches:
        errors.append(("state_code", "state_code_mismatch" if by_code else "unknown_state_code"))
    return matches[0] if matches else None


def _state_as_sent(name: str, code: str, errors: list[tuple[str, str]]) -> State:
    if code and not _STATE_CODE.fullmatch(code):
        errors.append(("state_code", "unknown_state_code"))
    return State(code, name or code, "")


def _candidates(text: str, region: str) -> list[State]:
    return [*states_called(states_of(region), text), *states_in_all_countries(text)]
