"""The gazetteer in this repository: no network, no key, and no better than a town or a postcode.

A `place_id` is `gn:` and the town's id at GeoNames, or `gn:AU-3000` for a postcode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from customers.geocoding.evidence import (
    NEAR_KM,
    can_be,
    contradicts,
    distance,
    is_confirmed,
    is_named,
    is_unknown_postcode,
    known_state,
    lineage,
    postcode_fits,
)
from customers.geocoding.free_text import MAX_DISTRICT_LETTERS, Address, interpretations_of_line
from customers.geocoding.gazetteer import PostcodeArea, Town, name_key, postcode_area, towns
from customers.geocoding.parsing import parse_location
from customers.geocoding.postal import TERRITORIES, contradicts_format
from customers.geocoding.postcodes import is_telling
from customers.geocoding.terms import Location, Query
from customers.places import find_country, find_state, shown_name

SECONDS_BETWEEN_REQUESTS = 0.0
# From about 50,000 people on, a postcode says more about where an address is than the town does.
LARGE = 31


def locate(query: Query, seconds: float) -> Location | None:
    region = query.region.upper()
    addresses: list[Address] = []
    at_home = (in_region(a, region) for a in record_each(interpretations(query), addresses))
    # Most are found in the first few ways to read them, so the others are not even looked for.
    found = in_town((a for a in at_home if not a.unseparated), region)
    return (
        found
        or in_town((in_region(a, region) for a in addresses if a.unseparated), region)
        or in_postcode(addresses, region)
        or in_town((a for a in addresses if not a.unseparated), region)
        or in_town((a for a in addresses if a.unseparated), region)
    )


def record_each(addresses: Iterable[Address], seen: list[Address]) -> Iterator[Address]:
    """Yield every address once, and add it to `seen`."""
    known = set()
    for address in addresses:
        if address not in known:
            known.add(address)
            seen.append(address)
            yield address


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
    """The address in that country, unless it names another, or a state or postcode not known there."""
    if address.country_code or (address.state and not find_state(address.state, region)):
        return address
    if not address.state and is_unknown_postcode(region, address.postcode):
        return address  # "Rome 00186" may be there all the same, but rather where it fits
    return replace(address, country_code=region)


def in_town(addresses: Iterable[Address], region: str) -> Location | None:
    for address in addresses:
        town = best_town(address, region)
        if town:
            city = spelling(address.city, town)
            area = postcode_area(town.country_code, address.postcode)
            if area and town.size >= LARGE and distance(town, area) < NEAR_KM:
                area = replace(area, state_code=area.state_code or town.state_code)
                return location_at(address, area, city, area_id(area))
            return location_at(address, town, city, f"gn:{town.geonameid}")
    return None


def in_postcode(addresses: Iterable[Address], region: str) -> Location | None:
    """For a place too small for the gazetteer: its country has to be named, its state right.

    The store's own country need not be named where the form of the postcode tells it.
    """
    for address in addresses:
        country = address.country_code or (region if is_telling(address.postcode) else "")
        area = postcode_area(country, address.postcode)
        if not area or contradicts_format(country, address.postcode) or address.doubtful:
            continue
        if not contradicts(area, address.state) and not is_famous(address.city):
            return location_at(address, area, address.city, area_id(area))
    return None


def best_town(address: Address, region: str) -> Town | None:
    """By state, then nearness to the postcode, then the region, then size."""
    possible = [town for town in towns_called(address.city) if is_possible(address, town, region)]

    def rank(town: Town) -> tuple[bool, bool, bool, int]:
        state = known_state(town, address.state)
        return (
            state is not None and town.state_code in lineage(state),
            postcode_fits(town, address),
            town.country_code == region or town.country_code in TERRITORIES.get(region, ()),
            town.size,
        )

    return max(possible, key=rank, default=None)


def towns_called(city: str) -> tuple[Town, ...]:
    """All towns of that name, with or without the district behind it: "Praha 1", "Aarhus C"."""
    *words, district = city.split() or [""]
    if words and len(district) <= MAX_DISTRICT_LETTERS:
        return towns(name_key(city)) or towns(name_key(" ".join(words)))
    return towns(name_key(city))


def is_possible(address: Address, town: Town, region: str) -> bool:
    """Outside the store's own country the address has to say itself where it is."""
    if not can_be(address, town) or (address.doubtful and not is_confirmed(address, town)):
        return False
    return region in ("", town.country_code) or is_named(address, town)


def is_famous(city: str) -> bool:
    """Whether it is a large town's name: that one is meant, and it is not where it was sought."""
    return any(town.size >= LARGE for town in towns(name_key(city)))


def spelling(written: str, town: Town) -> str:
    """The city as it was written, unless nobody cared for capitals."""
    if not (written.islower() or written.isupper()):
        return written
    return town.name if town.name.casefold() == written.casefold() else written.title()


def area_id(area: PostcodeArea) -> str:
    return f"gn:{area.country_code}-{area.code}"


def location_at(address: Address, place: Town | PostcodeArea, city: str, place_id: str) -> Location:
    country, state_code, state = shown_region(address, place)
    return parse_location(
        place.latitude,
        place.longitude,
        approximate=True,
        place_id=place_id,
        street=address.street,
        city=city,
        state=state,
        state_code=state_code,
        postcode=address.postcode,
        country_code=country,
    )


def shown_region(address: Address, place: Town | PostcodeArea) -> tuple[str, str, str]:
    """(country's code, state's code, state): of a territory, under the country that was named."""
    territory = find_state(place.country_code, address.country_code)
    if territory and place.country_code != address.country_code:
        return address.country_code, territory.code, territory.name
    state = find_state(address.state or place.state_code, place.country_code)
    if state:
        return place.country_code, state.code, shown_name(state, address.state)
    return place.country_code, "", address.state
