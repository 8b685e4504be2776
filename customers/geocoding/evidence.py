"""Compare an address with a town or postcode area: does it contradict the place or confirm it?"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, hypot, radians

from customers.geocoding.free_text import STATE_COUNTRIES, Address
from customers.geocoding.gazetteer import (
    PostcodeArea,
    Town,
    has_postcodes,
    name_key,
    postcode_area,
    recorded_states,
    towns,
)
from customers.geocoding.postal import TERRITORIES, contradicts_format, has_format, territories_of
from customers.geocoding.postcodes import is_distinctive, postcode_in_street
from customers.places import State, find_country, find_state, states_in_all_countries

NEAR_KM = 50  # the greatest distance between a town and its own postcodes
FAR_KM = 100  # a postcode further away certainly belongs to another town
FAR_KM_IN = {"AU": 500, "CA": 400}  # some postcodes there are as large as a country
KM_PER_DEGREE = 111.2  # kilometres of latitude
MIN_NAME_LETTERS = 4  # a shorter state is a code, and several countries may use the same code


def is_compatible(address: Address, town: Town) -> bool:
    """Tell whether nothing in the address contradicts the town."""
    if address.country_code and town.country_code not in countries_of(address):
        return False
    if contradicts_state(town, address.state) or contradicts_postcode(town, address):
        return False
    if address.unseparated and is_unknown_postcode(town.country_code, address.postcode):
        return False
    # "12 High Street, Cornwall": Street is a town, too, but not in Cornwall.
    if not (address.unseparated and address.state) or postcode_fits(town, address):
        return True
    state = find_comparable_state(town, address.state)
    return state is not None and state.code in recorded_states(town.country_code)


def is_confirmed(address: Address, town: Town) -> bool:
    """Tell whether the postcode or state means this town and no other of the same name."""
    state = find_comparable_state(town, address.state)
    return postcode_fits(town, address) or (state is not None and town.state_code in lineage(state))


def is_country_stated(address: Address, town: Town) -> bool:
    """Tell whether the address itself says which country the town is in."""
    if address.country_code or postcode_fits(town, address):
        return True
    is_clear = town.country_code in STATE_COUNTRIES or len(address.state) >= MIN_NAME_LETTERS
    return is_clear and is_confirmed(address, town)


def names_region_abroad(address: Address, region: str) -> bool:
    """Tell whether the city is rather a region abroad: in "Exeter, Devon" Exeter is a town of Devon.

    A state, postcode or country behind it tells otherwise.
    """
    is_last = not (address.state or address.postcode or address.country_code)
    words = address.street.rpartition(", ")[2].split()
    town_name = name_key(" ".join(word for word in words if word.isalpha()))
    if not is_last or not town_name or len(address.city) < MIN_NAME_LETTERS:
        return False
    abroad = [s for s in states_in_all_countries(address.city) if s.country_code != region]
    return any(is_within(town, abroad) for town in (towns(town_name) if abroad else ()))


def is_within(town: Town, states: Iterable[State]) -> bool:
    return any(
        town.country_code == state.country_code and town.state_code in lineage(state)
        for state in states
    )


def countries_of(address: Address) -> tuple[str, ...]:
    """Return the address's country, or its territories that the state or postcode points to."""
    country = address.country_code
    territories = TERRITORIES.get(country, ())
    state = find_country(address.state) if territories and address.state else None
    if state and state.code in territories:
        return (state.code,)
    if country == "US" and not address.state and not address.postcode:
        return (country, *territories)  # "San Juan, US" omits the territory, as others the state
    return territories_of(country, address.postcode) or (country,)


def contradicts_state(place: Town | PostcodeArea, text: str) -> bool:
    """Tell whether the place is certainly in another state than the text names."""
    state = find_comparable_state(place, text)
    return state is not None and place.state_code != "" and place.state_code not in lineage(state)


def find_comparable_state(place: Town | PostcodeArea, text: str) -> State | None:
    """Return the state if the gazetteer records it, or its parent, for towns of the country."""
    state = find_state(text, place.country_code)
    recorded = recorded_states(place.country_code)
    return state if state and not recorded.isdisjoint(lineage(state)) else None


def lineage(state: State) -> tuple[str, ...]:
    """Return the codes of the state and of its parent, without blank ones."""
    return tuple(code for code in (state.code, state.parent) if code)


def contradicts_postcode(town: Town, address: Address) -> bool:
    """Tell whether the postcode has another country's format or lies too far from the town."""
    postcode = address.postcode or postcode_in_street(address.street)
    if contradicts_format(town.country_code, postcode):
        return True
    area = postcode_area(town.country_code, postcode)
    if area is None:
        return False
    km = distance(town, area)
    is_other_state = area.state_code and town.state_code and area.state_code != town.state_code
    return km > FAR_KM_IN.get(town.country_code, FAR_KM) or bool(is_other_state and km > NEAR_KM)


def postcode_fits(town: Town, address: Address) -> bool:
    """Tell whether the postcode is near the town.

    In a country without a table of postcodes, a distinctive format is enough.
    """
    if not address.postcode:
        return False
    area = postcode_area(town.country_code, address.postcode)
    if area is not None:
        return distance(town, area) < NEAR_KM
    if has_postcodes(town.country_code):
        return False
    return is_distinctive(address.postcode) and has_format(town.country_code, address.postcode)


def is_unknown_postcode(country_code: str, postcode: str) -> bool:
    """Tell whether the country's table of postcodes lacks this one; False without a table."""
    return (
        bool(postcode)
        and has_postcodes(country_code)
        and postcode_area(country_code, postcode) is None
        and not territories_of(country_code, postcode)
    )


def distance(town: Town, area: PostcodeArea) -> float:
    """Return kilometres, accurate for near places only; too many across the date line."""
    east = (town.longitude - area.longitude) * cos(radians(town.latitude))
    return KM_PER_DEGREE * hypot(town.latitude - area.latitude, east)
