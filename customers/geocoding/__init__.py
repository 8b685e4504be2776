"""Where an address is: `geocode(query)`, over a gazetteer of our own or a provider on the web."""

from customers.geocoding.formatting import format_address
from customers.geocoding.service import geocode, seconds_between_requests
from customers.geocoding.terms import Location, NotPlaced, Query

__all__ = [
    "Location",
    "NotPlaced",
    "Query",
    "format_address",
    "geocode",
    "seconds_between_requests",
]
