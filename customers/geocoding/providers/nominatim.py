"""Nominatim, the geocoder of OpenStreetMap: the public server, or one of your own."""

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
    found = geocoder.geocode(
        query.text or structured(query),
        country_codes=query.country_code.lower() or None,
        addressdetails=True,
        language="en",
    )
    return read(found.raw) if found else None


def structured(query: Query) -> dict[str, str]:
    fields = {
        "street": query.street,
        "city": query.city,
        "state": query.state or query.state_code,
        "postalcode": query.postcode,
        "country": query.country,
    }
    return {name: value for name, value in fields.items() if value}


def read(result: dict[str, Any]) -> Location:
    part = result.get("address", {})
    road = " ".join(filter(None, (part.get("house_number"), part.get("road"))))
    fields = {
        "street": road,
        "city": next((part[kind] for kind in LOCALITIES if part.get(kind)), ""),
        "state": part.get("state", ""),
        "postcode": part.get("postcode", ""),
        "country": part.get("country", ""),
    }
    state_code = part.get("ISO3166-2-lvl4", "").partition("-")[2]
    return parse_location(
        result["lat"],
        result["lon"],
        approximate="house_number" not in part,
        place_id=f"osm:{result['osm_type']}/{result['osm_id']}",
        state_code=state_code,
        country_code=part.get("country_code"),
        **fields,
    )
