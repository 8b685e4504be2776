"""What an address says about a town: whether it can be there, and whether it must be."""

from __future__ import annotations

from math import cos, hypot, radians

from customers.geocoding.free_text import STATES_ALSO_OF, Address
from customers.geocoding.gazetteer import (
    PostcodeArea,
    Town,
    has_postcodes,
    postcode_area,
    states_known,
)
from customers.geocoding.postal import TERRITORIES, contradicts_format, has_format, territories_of
from customers.geocoding.postcodes import is_telling, postcode_left_in
from customers.places import State, find_country, find_state

NEAR_KM = 50  # kilometres between a town and its postcodes, at the most
FAR_KM = 100  # from here on a postcode is another town's for certain
FAR_KM_IN = {"AU": 500, "CA": 400}  # where some postcodes are as large as other countries
KM_PER_DEGREE = 111.2  # kilometres of latitude
LETTERS_OF_A_NAME = 4  # shorter names of states are codes, which many countries share


def can_be(address: Address, town: Town) -> bool:
    """Whether nothing in the address contradicts the town."""
    if address.country_code and town.country_code not in countries_of(address):
        return False
    if contradicts(town, address.state) or contradicts_postcode(town, address):
        return False
    # "12 High Street, Cornwall": Street is a town, too, but not there.
    if not (address.unseparated and address.state) or postcode_fits(town, address):
        return True
    state = known_state(town, address.state)
    return state is not None and state.code in states_known(town.country_code)


def is_confirmed(address: Address, town: Town) -> bool:
    """Whether a postcode or a state says that the town is meant, and no other of its name."""
    state = known_state(town, address.state)
    return postcode_fits(town, address) or (state is not None and town.state_code in lineage(state))


def is_named(address: Address, town: Town) -> bool:
    """Whether the address says itself in which country the town is."""
    if address.country_code or postcode_fits(town, address):
        return True
    named = town.country_code in STATES_ALSO_OF or len(address.state) >= LETTERS_OF_A_NAME
    return named and is_confirmed(address, town)


def countries_of(address: Address) -> tuple[str, ...]:
    """The country, or those territories of it that a state or postcode tells."""
    country = address.country_code
    territories = TERRITORIES.get(country, ())
    state = find_country(address.state) if territories and address.state else None
    if state and state.code in territories:
        return (state.code,)
    if country == "US" and not address.state and not address.postcode:
        return (country, *territories)  # these are written like states, also without the state
    return territories_of(country, address.postcode) or (country,)


def contradicts(place: Town | PostcodeArea, state: str) -> bool:
    """Whether the place is certainly in another state."""
    found = known_state(place, state)
    return found is not None and place.state_code != "" and place.state_code not in lineage(found)


def known_state(place: Town | PostcodeArea, state: str) -> State | None:
    """The state by code or name, if the gazetteer tells it, or the one around it, apart."""
    found = find_state(state, place.country_code)
    known = states_known(place.country_code)
    return found if found and not known.isdisjoint(lineage(found)) else None


def lineage(state: State) -> tuple[str, ...]:
    """The codes of the state and of the one around it, as far as there are any."""
    return tuple(code for code in (state.code, state.parent) if code)


def contradicts_postcode(town: Town, address: Address) -> bool:
    postcode = address.postcode or postcode_left_in(address.street)
    if contradicts_format(town.country_code, postcode):
        return True
    area = postcode_area(town.country_code, postcode)
    if area is None:
        return False
    apart = distance(town, area)
    other_state = area.state_code and town.state_code and area.state_code != town.state_code
    return apart > FAR_KM_IN.get(town.country_code, FAR_KM) or bool(other_state and apart > NEAR_KM)


def postcode_fits(town: Town, address: Address) -> bool:
    if not address.postcode:
        return False
    area = postcode_area(town.country_code, address.postcode)
    if area is not None:
        return distance(town, area) < NEAR_KM
    if has_postcodes(town.country_code):
        return False
    return is_telling(address.postcode) and has_format(town.country_code, address.postcode)


def is_unknown_postcode(country_code: str, postcode: str) -> bool:
    """Whether a country whose postcodes are known has none like it."""
    return (
        bool(postcode)
        and has_postcodes(country_code)
        and postcode_area(country_code, postcode) is None
        and not territories_of(country_code, postcode)
    )


def distance(town: Town, area: PostcodeArea) -> float:
    """In kilometres, well enough for near places; across the date line it is too much."""
    east = (town.longitude - area.longitude) * cos(radians(town.latitude))
    return KM_PER_DEGREE * hypot(town.latitude - area.latitude, east)
