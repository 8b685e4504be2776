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
    found = geocoder.geocode(
        query.line,
        region=top_level_domain(query.region) or None,
        components={"country": country} if country else None,
        language="en",
    )
    return read(found.raw) if found else None


def top_level_domain(country_code: str) -> str:
    """Google biases by the domain of a country, which is its ISO code but for the British one."""
    return "uk" if country_code == "GB" else country_code.lower()


def read(result: dict[str, Any]) -> Location:
    part = components(result)
    geometry = result["geometry"]
    return parse_location(
        geometry["location"]["lat"],
        geometry["location"]["lng"],
        approximate=geometry.get("location_type") not in EXACT or bool(result.get("partial_match")),
        place_id=result.get("place_id"),
        formatted_address=result.get("formatted_address"),
        street=street(part),
        city=part.get("locality") or part.get("postal_town") or part.get("sublocality"),
        state=part.get("administrative_area_level_1"),
        state_code=state_code(part),
        postcode=part.get("postal_code"),
        country=part.get("country"),
        country_code=part.get("country:short"),
    )


def components(result: dict[str, Any]) -> dict[str, str]:
    """The long name of each type of component, and the short one as `type:short`."""
    names: dict[str, str] = {}
    for component in result.get("address_components", []):
        for kind in component["types"]:
            names.setdefault(kind, component["long_name"])
            names.setdefault(f"{kind}:short", component["short_name"])
    return names


def street(part: dict[str, str]) -> str:
    number = "/".join(part[kind] for kind in ("subpremise", "street_number") if part.get(kind))
    return " ".join(word for word in (number, part.get("route", "")) if word)


def state_code(part: dict[str, str]) -> str:
    """The state's abbreviation; where there is none Google repeats the name."""
    code = part.get("administrative_area_level_1:short", "")
    return "" if code == part.get("administrative_area_level_1") else code
