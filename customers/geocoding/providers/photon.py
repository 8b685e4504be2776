"""Photon, komoot's geocoder on OpenStreetMap data: the public server, or one of your own."""

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
    found = geocoder.geocode(query.line, language="en")
    answer = read(found.raw) if found else None
    if answer and query.country_code not in ("", answer.country_code):
        return None  # Photon takes no country to search in: it answers with its best guess anywhere
    return answer


def read(feature: dict[str, Any]) -> Location:
    part = feature["properties"]
    longitude, latitude, *_ = feature["geometry"]["coordinates"]
    numbered = bool(part.get("housenumber"))
    road = part.get("street") or (part.get("name") if part.get("type") == "street" else "")
    own_name = part.get("name") if part.get("type") == "city" else ""
    fields = {
        "street": " ".join(filter(None, (part.get("housenumber"), road))),
        "city": part.get("city") or own_name or "",
        "state": part.get("state", ""),
        "postcode": part.get("postcode", ""),
        "country": part.get("country", ""),
    }
    return parse_location(
        latitude,
        longitude,
        approximate=not numbered,
        place_id=f"osm:{part['osm_type']}/{part['osm_id']}",
        country_code=part.get("countrycode"),
        **fields,
    )
