"""Geocoding: `geocode(query)` finds an address in the local gazetteer or through a web provider."""

from customers.geocoding.formatting import format_address
from customers.geocoding.service import forget_location, geocode, seconds_between_requests
from customers.geocoding.terms import Location, NotPlaced, Query

__all__ = [
    "Location",
    "NotPlaced",
    "Query",
    "forget_location",
    "format_address",
    "geocode",
    "seconds_between_requests",
]
