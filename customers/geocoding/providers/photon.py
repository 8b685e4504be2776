"""Photon, komoot's geocoder on OpenStreetMap data: the public server, or the operator's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from geopy.geocoders import Photon

from customers.geocoding.parsing import parse_location
from customers.geocoding.terms import Location, Query
from customers.geocoding.transport import DeadlineAdapter

SECONDS_BETWEEN_REQUESTS = 1.0  # its terms say only "fair"
DOMAIN = "photon.komoot.io"


def locate(query: Query, seconds: float) -> Location | None:
    geocoder = Photon(
        domain=settings.GEOCODER_DOMAIN or DOMAIN,
        scheme=settings.GEOCODER_SCHEME,
        user_agent=settings.GEOCODER_USER_AGENT,
        timeout=seconds,
        adapter_factory=DeadlineAdapter,
    )
    answer = geocoder.geocode(query.line, language="en")
    location = parse_feature(answer.raw) if answer else None
    if location and query.country_code not in ("", location.country_code):
        return None  # Photon cannot search within a country: its best match may be in any
    return location


def parse_feature(feature: dict[str, Any]) -> Location:
    parts = feature["properties"]
    longitude, latitude, *_ = feature["geometry"]["coordinates"]
    road = parts.get("street") or (parts.get("name") if parts.get("type") == "street" else "")
    name_of_city = parts.get("name") if parts.get("type") == "city" else ""
    fields = {
        "street": " ".join(filter(None, (parts.get("housenumber"), road))),
        "city": parts.get("city") or name_of_city or "",
        "state": parts.get("state", ""),
        "postcode": parts.get("postcode", ""),
        "country": parts.get("country", ""),
    }
    return parse_location(
        latitude,
        longitude,
        approximate=not parts.get("housenumber"),
        place_id=f"osm:{parts['osm_type']}/{parts['osm_id']}",
        country_code=parts.get("countrycode"),
        **fields,
    )
