"""Nominatim, OpenStreetMap's geocoder: the public server, or the operator's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from geopy.geocoders import Nominatim

from customers.geocoding.parsing import parse_location
from customers.geocoding.terms import Location, Query
from customers.geocoding.transport import ListAdapter

SECONDS_BETWEEN_REQUESTS = 1.0  # https://operations.osmfoundation.org/policies/nominatim/
DOMAIN = "nominatim.openstreetmap.org"
LOCALITIES = ("city", "town", "village", "suburb", "hamlet", "municipality")


def locate(query: Query, seconds: float) -> Location | None:
    geocoder = Nominatim(
        domain=settings.GEOCODER_DOMAIN or DOMAIN,
        scheme=settings.GEOCODER_SCHEME,
        user_agent=settings.GEOCODER_USER_AGENT,
        timeout=seconds,
        adapter_factory=ListAdapter,
    )
    country, place = query.country_code.lower() or None, query.text or structured(query)
    answer = geocoder.geocode(place, country_codes=country, addressdetails=True, language="en")
    return parse_result(answer.raw) if answer else None


def structured(query: Query) -> dict[str, str]:
    fields = {
        "street": query.street,
        "city": query.city,
        "state": query.state or query.state_code,
        "postalcode": query.postcode,
        "country": query.country,
    }
    return {name: value for name, value in fields.items() if value}


def parse_result(result: dict[str, Any]) -> Location:
    parts = result.get("address", {})
    street = " ".join(filter(None, (parts.get("house_number"), parts.get("road"))))
    fields = {
        "street": street,
        "city": next((parts[kind] for kind in LOCALITIES if parts.get(kind)), ""),
        "state": parts.get("state", ""),
        "postcode": parts.get("postcode", ""),
        "country": parts.get("country", ""),
    }
    state_code = parts.get("ISO3166-2-lvl4", "").partition("-")[2]
    return parse_location(
        result["lat"],
        result["lon"],
        approximate="house_number" not in parts,
        place_id=f"osm:{result['osm_type']}/{result['osm_id']}",
        state_code=state_code,
        country_code=parts.get("country_code"),
        **fields,
    )
