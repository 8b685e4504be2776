"""What a geocoder answered about an address, until a service saves it with the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from customers.geocoding import Location, NotPlaced, Query, geocode
from customers.models import Address
from customers.models.address import GeocodeStatus

LOCATION_COLUMNS = ("line1", "city", "state", "state_code", "postcode", "country", "country_code")


def location_values(address: Address) -> tuple[str, ...]:
    """Return what decides where an address is on the map: the values of LOCATION_COLUMNS."""
    return tuple(getattr(address, name) for name in LOCATION_COLUMNS)


@dataclass(frozen=True)
class GeocodeResult:
    """A geocoder's answer about an address with these `location_values`; saved only if it still has them.

    `location` is None when the geocoder knows no such address, and also when it did not answer: then
    `answered` is False, and saved coordinates stay.
    """

    location_values: tuple[str, ...]
    location: Location | None
    answered: bool = True

    def is_about(self, address: Address) -> bool:
        return self.location_values == location_values(address)

    def save_on(self, address: Address) -> None:
        address.geocoded_at = timezone.now()
        if self.location is None:
            address.geocode_status = GeocodeStatus.FAILED
            address.latitude = address.longitude = None
            address.place_id = ""
            return
        address.latitude, address.longitude = self.location.latitude, self.location.longitude
        address.place_id = self.location.place_id
        address.geocode_status = GeocodeStatus.SUCCESS


def try_geocode(query: Query, budget: float | None = None) -> tuple[Location | None, bool]:
    """Return the location or None, and whether the geocoder answered, within `budget` seconds. Never raise."""
    try:
        return geocode(query, budget=budget), True
    except NotPlaced as refusal:
        return None, refusal.reason != "unavailable"
