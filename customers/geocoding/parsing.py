"""Build a Location from a provider's raw answer, whose fields may have any type and size."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from customers.geocoding.formatting import format_address
from customers.geocoding.terms import Location
from customers.places import find_country, find_state

PRECISION = Decimal("0.0000001")  # about a centimetre, and the scale of the database columns
# Characters of each field; longer text is cut. The columns of an address have these lengths.
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
    """Return a coordinate in degrees from a number or its text. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("the coordinate is not a number")
    number = float(value)
    if not isfinite(number) or abs(number) > bound:
        raise ValueError("the coordinate is out of range")
    return Decimal(str(number)).quantize(PRECISION)


def parse_text(value: Any, limit: int) -> str:
    """Return a provider's text without what a column cannot store; blank if it is not a text."""
    if not isinstance(value, str):
        return ""
    storable = value.replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(storable.split())[:limit].rstrip()


def parse_location(latitude: Any, longitude: Any, approximate: bool, **fields: Any) -> Location:
    """Return a Location from a provider's raw values. Raises ValueError for bad coordinates.

    If the provider gives no formatted address, build it from the components.
    """
    components = {name: parse_text(fields.get(name), limit) for name, limit in LIMITS.items()}
    components["country_code"] = components["country_code"].upper()
    components = with_iso_names(components)
    components["formatted_address"] = components["formatted_address"] or one_line(components)
    return Location(
        latitude=parse_coordinate(latitude, 90),
        longitude=parse_coordinate(longitude, 180),
        approximate=approximate,
        **components,
    )


def one_line(components: dict[str, str]) -> str:
    names = ("street", "city", "state", "postcode", "country", "state_code", "country_code")
    line = format_address(**{name: components[name] for name in names})
    return parse_text(line, LIMITS["formatted_address"])


def with_iso_names(components: dict[str, str]) -> dict[str, str]:
    """Set both name and code of country and state, if ISO 3166 lists them."""
    country = find_country(components["country_code"] or components["country"])
    if not country:
        return components
    components |= {"country_code": country.code, "country": country.name}
    state = find_state(components["state_code"] or components["state"], country.code)
    if state:
        components |= {"state_code": state.code, "state": state.name}
    return components
