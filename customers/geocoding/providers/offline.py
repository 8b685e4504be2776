"""The provider without network or key: it searches the gazetteer in this repository.

It finds towns and postcodes, not streets. A `place_id` is `gn:` and the town's id at GeoNames, or
`gn:AU-3000` for a postcode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from customers.geocoding.evidence import (
    NEAR_KM,
    contradicts_state,
    distance,
    find_comparable_state,
    is_compatible,
    is_confirmed,
    is_country_stated,
    is_unknown_postcode,
    lineage,
    names_region_abroad,
    postcode_fits,
)
from customers.geocoding.free_text import MAX_DISTRICT_LETTERS, Address, interpretations_of_line
from customers.geocoding.gazetteer import PostcodeArea, Town, name_key, postcode_area, towns
from customers.geocoding.parsing import parse_location
from customers.geocoding.postal import TERRITORIES, contradicts_format
from customers.geocoding.postcodes import is_distinctive
from customers.geocoding.terms import Location, Query
from customers.places import find_country, find_state, shown_name

SECONDS_BETWEEN_REQUESTS = 0.0
# The size of a town of about 50,000 people: from here on, a postcode is more precise than the town.
LARGE = 31


def locate(query: Query, seconds: float) -> Location | None:
    region = query.region.upper()
    addresses: list[Address] = []
    readings = (a for a in interpretations(query) if not names_region_abroad(a, region))
    unique_addresses = record_each(readings, addresses)
    in_home_region = (in_region(a, region) for a in unique_addresses)
    # A generator, because one of the first interpretations is usually right: the rest is not
    # computed then. Afterwards `addresses` has all of them.
    location = in_town((a for a in in_home_region if not a.unseparated), region)
    return (
        location
        or in_town((in_region(a, region) for a in addresses if a.unseparated), region)
        or in_postcode(addresses, region)
        or in_town((a for a in addresses if not a.unseparated), region)
        or in_town((a for a in addresses if a.unseparated), region)
    )


def record_each(addresses: Iterable[Address], record: list[Address]) -> Iterator[Address]:
    """Yield every address once, and append it to `record`."""
    seen = set()
    for address in addresses:
        if address not in seen:
            seen.add(address)
            record.append(address)
            yield address


def interpretations(query: Query) -> Iterable[Address]:
    """Return the possible addresses; none if the query names a country that does not exist."""
    if not (query.city or query.postcode):
        return interpretations_of_line(query.line, query.region)
    country = find_country(query.country_code or query.country)
    if not country and (query.country_code or query.country):
        return ()
    code = country.code if country else ""
    state = query.state_code or query.state
    return [Address(query.street, query.city, state, query.postcode, code)]


def in_region(address: Address, region: str) -> Address:
    """Set the country, unless the address names one, or a state or postcode of elsewhere."""
    if address.country_code or (address.state and not find_state(address.state, region)):
        return address
    if not address.state and is_unknown_postcode(region, address.postcode):
        return address  # "Rome 00186": prefer a country that has this postcode
    return replace(address, country_code=region)


def in_town(addresses: Iterable[Address], region: str) -> Location | None:
    """Return the first location by town; in a large town, that of the postcode near it."""
    for address in addresses:
        town = find_best_town(address, region)
        if town:
            city = spelling(address.city, town)
            area = postcode_area(town.country_code, address.postcode)
            if area and town.size >= LARGE and distance(town, area) < NEAR_KM:
                area = replace(area, state_code=area.state_code or town.state_code)
                return location_at(address, area, city, area_id(area))
            return location_at(address, town, city, f"gn:{town.geonameid}")
    return None


def in_postcode(addresses: Iterable[Address], region: str) -> Location | None:
    """Return the first location by postcode, for towns too small for the gazetteer.

    The address must name its country, or have a distinctive postcode of the store's country. Its
    state must not contradict the postcode.
    """
    for address in addresses:
        country = address.country_code or (region if is_distinctive(address.postcode) else "")
        area = postcode_area(country, address.postcode)
        if not area or contradicts_format(country, address.postcode) or address.doubtful:
            continue
        # The name of a large town means that town, which does not fit this address.
        if not contradicts_state(area, address.state) and not is_large_town(address.city):
            return location_at(address, area, address.city, area_id(area))
    return None


def find_best_town(address: Address, region: str) -> Town | None:
    """Return the best town: by state, then postcode, then the store's country, then size."""
    candidates = [town for town in towns_called(address.city) if is_possible(address, town, region)]

    def rank(town: Town) -> tuple[bool, bool, bool, int]:
        state = find_comparable_state(town, address.state)
        return (
            state is not None and town.state_code in lineage(state),
            postcode_fits(town, address),
            town.country_code == region or town.country_code in TERRITORIES.get(region, ()),
            town.size,
        )

    return max(candidates, key=rank, default=None)


def towns_called(city: str) -> tuple[Town, ...]:
    """Return all towns of that name; a district behind it may be ignored: "Praha 1", "Aarhus C"."""
    *words, district = city.split() or [""]
    if words and len(district) <= MAX_DISTRICT_LETTERS:
        return towns(name_key(city)) or towns(name_key(" ".join(words)))
    return towns(name_key(city))


def is_possible(address: Address, town: Town, region: str) -> bool:
    """Tell whether the address may be in the town.

    Outside the store's country, the address itself must say which country it is in.
    """
    if not is_compatible(address, town) or (address.doubtful and not is_confirmed(address, town)):
        return False
    return region in ("", town.country_code) or is_country_stated(address, town)


def is_large_town(city: str) -> bool:
    return any(town.size >= LARGE for town in towns(name_key(city)))


def spelling(city: str, town: Town) -> str:
    """Return the city as written; correct the case if it is all lower or all upper case."""
    if not (city.islower() or city.isupper()):
        return city
    return town.name if town.name.casefold() == city.casefold() else city.title()


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
    """Return (country code, state code, state).

    A territory such as Puerto Rico is a state if the address names the country it belongs to.
    """
    territory = find_state(place.country_code, address.country_code)
    if territory and place.country_code != address.country_code:
        return address.country_code, territory.code, territory.name
    state = find_state(address.state or place.state_code, place.country_code)
    if state:
        return place.country_code, state.code, shown_name(state, address.state)
    return place.country_code, "", address.state
