"""Google's Geocoding API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from geopy.geocoders import GoogleV3

from customers.geocoding.parsing import parse_location
from customers.geocoding.terms import Location, Query
from customers.geocoding.transport import DeadlineAdapter

SECONDS_BETWEEN_REQUESTS = 0.02
DOMAIN = "maps.googleapis.com"
EXACT = {"ROOFTOP", "RANGE_INTERPOLATED"}


def locate(query: Query, seconds: float) -> Location | None:
    geocoder = GoogleV3(
        api_key=settings.GEOCODER_API_KEY,
        domain=settings.GEOCODER_DOMAIN or DOMAIN,
        scheme=settings.GEOCODER_SCHEME,
        user_agent=settings.GEOCODER_USER_AGENT,
        timeout=seconds,
        adapter_factory=DeadlineAdapter,
    )
    country = query.country_code
    answer = geocoder.geocode(
        query.line,
        region=top_level_domain(query.region) or None,
        components={"country": country} if country else None,
        language="en",
    )
    return parse_result(answer.raw) if answer else None


def top_level_domain(country_code: str) -> str:
    """Return the country's top-level domain, which Google takes as the region to prefer."""
    return "uk" if country_code == "GB" else country_code.lower()


def parse_result(result: dict[str, Any]) -> Location:
    parts = components(result)
    geometry = result["geometry"]
    return parse_location(
        geometry["location"]["lat"],
        geometry["location"]["lng"],
        approximate=geometry.get("location_type") not in EXACT or bool(result.get("partial_match")),
        place_id=result.get("place_id"),
        formatted_address=result.get("formatted_address"),
        street=street(parts),
        city=parts.get("locality") or parts.get("postal_town") or parts.get("sublocality"),
        state=parts.get("administrative_area_level_1"),
        state_code=state_code(parts),
        postcode=parts.get("postal_code"),
        country=parts.get("country"),
        country_code=parts.get("country:short"),
    )


def components(result: dict[str, Any]) -> dict[str, str]:
    """Return the long name of each component type, and its short name under `type:short`."""
    names: dict[str, str] = {}
    for component in result.get("address_components", []):
        for kind in component["types"]:
            names.setdefault(kind, component["long_name"])
            names.setdefault(f"{kind}:short", component["short_name"])
    return names


def street(parts: dict[str, str]) -> str:
    number = "/".join(parts[kind] for kind in ("subpremise", "street_number") if parts.get(kind))
    return " ".join(word for word in (number, parts.get("route", "")) if word)


def state_code(parts: dict[str, str]) -> str:
    """Return the state's abbreviation, or a blank text if Google repeats the name instead."""
    code = parts.get("administrative_area_level_1:short", "")
    return "" if code == parts.get("administrative_area_level_1") else code
