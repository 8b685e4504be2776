"""Builds a Location from a provider's raw answer, in which any field may be of any type and size."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from customers.geocoding.formatting import format_address
from customers.geocoding.terms import Location
from customers.places import find_country, find_state

PLACES = Decimal("0.0000001")  # a centimetre, and the columns' scale
# The longest text kept of each field; an address has columns of these lengths.
LIMITS = {
    "place_id": 300,
    "formatted_address": 1000,
    "street": 500,
    "city": 255,
    "state": 100,
    "state_code": 10,
    "postcode": 30,
    "country": 100,
    "country_code": 2,
}


def parse_coordinate(value: Any, bound: int) -> Decimal:
    """A coordinate in degrees from a number or its text; ValueError if it cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a coordinate is a number")
    number = float(value)
    if not isfinite(number) or abs(number) > bound:
        raise ValueError("a coordinate out of range")
    return Decimal(str(number)).quantize(PLACES)


def parse_text(value: Any, limit: int) -> str:
    """The text in a provider's field; blank for anything that is not text one can store."""
    if not isinstance(value, str):
        return ""
    storable = value.replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(storable.split())[:limit].rstrip()


def parse_location(latitude: Any, longitude: Any, approximate: bool, **fields: Any) -> Location:
    """A Location from a provider's raw values. ValueError if the coordinates are none.

    Where the provider writes no address in one line, it is written from the components.
    """
    components = {name: parse_text(fields.get(name), limit) for name, limit in LIMITS.items()}
    components["country_code"] = components["country_code"].upper()
    components = with_iso_names(components)
    components["formatted_address"] = components["formatted_address"] or line_of(components)
    return Location(
        latitude=parse_coordinate(latitude, 90),
        longitude=parse_coordinate(longitude, 180),
        approximate=approximate,
        **components,
    )


def line_of(components: dict[str, str]) -> str:
    names = ("street", "city", "state", "postcode", "country", "state_code", "country_code")
    line = format_address(**{name: components[name] for name in names})
    return parse_text(line, LIMITS["formatted_address"])


def with_iso_names(components: dict[str, str]) -> dict[str, str]:
    """Country and state by name and code both, where ISO 3166 knows them."""
    country = find_country(components["country_code"] or components["country"])
    if not country:
        return components
    components |= {"country_code": country.code, "country": country.name}
    state = find_state(components["state_code"] or components["state"], country.code)
    if state:
        components |= {"state_code": state.code, "state": state.name}
    return components
