"""The gazetteer in this repository: no network, no key, and no better than a town or a postcode.

A `place_id` is `gn:` and the town's id at GeoNames, or `gn:AU-3000` for a postcode.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import cos, hypot, radians

from customers.places import State, find_country, find_state

from ..free_text import Address, interpretations_of_line
from ..gazetteer import PostcodeArea, Town, name_key, postcode_area, states_known, towns
from ..parsing import parse_location
from ..terms import Location, Query, format_address

SECONDS_BETWEEN_REQUESTS = 0.0
# From about 50,000 people on, a postcode says more about where an address is than the town does.
LARGE = 31
NEAR_KM = 50  # kilometres between a town and its postcodes, at the most
KM_PER_DEGREE = 111.2  # kilometres of latitude
# Where an address is written with its state; elsewhere it is told only if the query had it.
STATE_WRITTEN = frozenset({"AU", "BR", "CA", "IN", "MX", "US"})


def locate(query: Query, seconds: float) -> Location | None:
    addresses = list(dict.fromkeys(interpretations(query)))
    region = query.region.upper()
    at_home = [in_region(address, region) for address in addresses]
    return (
        in_town((a for a in at_home if not a.unseparated), region)
        or in_town((a for a in at_home if a.unseparated), region)
        or in_postcode(addresses)
        or in_town((a for a in addresses if not a.unseparated), region)
    )


def interpretations(query: Query) -> Iterable[Address]:
    """The ways to understand a query; none if it names a country that does not exist."""
    if not (query.city or query.postcode):
        return interpretations_of_line(query.line, query.region)
    country = find_country(query.country_code or query.country)
    if not country and (query.country_code or query.country):
        return ()
    code = country.code if country else ""
    state = query.state_code or query.state
    return [Address(query.street, query.city, state, query.postcode, code)]


def in_region(address: Address, region: str) -> Address:
    """The address in that country, unless it names another or a state that is not there."""
    if address.country_code or (address.state and not find_state(address.state, region)):
        return address
    return replace(address, country_code=region)


def in_town(addresses: Iterable[Address], region: str) -> Location | None:
    for address in addresses:
        town = best_town(address, region)
        if town:
            area = postcode_area(town.country_code, address.postcode)
            if area and town.size >= LARGE and distance(town, area) < NEAR_KM:
                return location_at(address, area, spelling(address.city, town), area_id(area))
            return location_at(address, town, spelling(address.city, town), f"gn:{town.geonameid}")
    return None


def in_postcode(addresses: Iterable[Address]) -> Location | None:
    """For a place too small for the gazetteer: its country has to be named, its state right."""
    for address in addresses:
        area = postcode_area(address.country_code, address.postcode)
        if area and not contradicts(area, address.state) and not is_famous(address.city):
            return location_at(address, area, address.city, area_id(area))
    return None


def best_town(address: Address, region: str) -> Town | None:
    """By state, then country, then the region, then nearness to the postcode, then size."""
    possible = [town for town in towns(name_key(address.city)) if can_be(address, town)]

    def rank(town: Town) -> tuple[bool, bool, bool, int]:
        state = known_state(town, address.state)
        area = postcode_area(town.country_code, address.postcode)
        return (
            state is not None and state.code == town.state_code,
            town.country_code == region,
            area is not None and distance(town, area) < NEAR_KM,
            town.size,
        )

    return max(possible, key=rank, default=None)


def can_be(address: Address, town: Town) -> bool:
    if address.country_code not in ("", town.country_code) or contradicts(town, address.state):
        return False
    # "10 Downing Street, London": London is a county too, and Street a town, but not in it.
    guessed = address.unseparated and address.state
    return not guessed or known_state(town, address.state) is not None


def known_state(place: Town | PostcodeArea, state: str) -> State | None:
    """The state by code or name, if it is of those that the gazetteer tells apart."""
    found = find_state(state, place.country_code)
    return found if found and found.code in states_known(place.country_code) else None


def contradicts(place: Town | PostcodeArea, state: str) -> bool:
    """Whether the place is certainly in another state."""
    found = known_state(place, state)
    return found is not None and place.state_code not in ("", found.code)


def is_famous(city: str) -> bool:
    """Whether it is a large town's name: that one is meant, and it is not where it was sought."""
    return any(town.size >= LARGE for town in towns(name_key(city)))


def distance(town: Town, area: PostcodeArea) -> float:
    """In kilometres, well enough for near places; across the date line it is too much."""
    east = (town.longitude - area.longitude) * cos(radians(town.latitude))
    return KM_PER_DEGREE * hypot(town.latitude - area.latitude, east)


def spelling(written: str, town: Town) -> str:
    """The city as it was written, unless nobody cared for capitals."""
    if not (written.islower() or written.isupper()):
        return written
    return town.name if town.name.casefold() == written.casefold() else written.title()


def area_id(area: PostcodeArea) -> str:
    return f"gn:{area.country_code}-{area.code}"


def location_at(address: Address, place: Town | PostcodeArea, city: str, place_id: str) -> Location:
    code = place.country_code
    state, country = shown_state(address, place), find_country(code)
    fields = {"street": address.street, "city": city, "postcode": address.postcode}
    return parse_location(
        place.latitude,
        place.longitude,
        approximate=True,
        place_id=place_id,
        formatted_address=format_address(
            **fields, state=state, country=country.name if country else code
        ),
        state=state,
        country_code=code,
        **fields,
    )


def shown_state(address: Address, place: Town | PostcodeArea) -> str:
    """The state's code where addresses are written with it, else what the query had."""
    if place.country_code not in STATE_WRITTEN:
        return address.state
    found = find_state(address.state, place.country_code)
    return found.code if found else address.state or place.state_code
