"""What a geocoder answered about an address, until the service saves it with the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from customers.geocoding import Location, NotPlaced, Query, geocode
from customers.models import Address
from customers.models.address import GeocodeStatus


@dataclass(frozen=True)
class GeocodeResult:
    """A geocoder's answer about an address with these `location_fields` (see `addresses.location_fields`).

    It is saved only if the address still has them. `location` is None when the geocoder knows no such address,
    and also when it did not answer: then `answered` is False, and the saved coordinates stay.
    """

    location_fields: tuple[str, ...]
    location: Location | None
    answered: bool = True

    def apply(self, address: Address) -> None:
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
    """The location or None, and whether the geocoder answered. Never raises; takes at most `budget` seconds."""
    try:
        return geocode(query, budget=budget), True
    except NotPlaced as refusal:
        return None, refusal.reason != "unavailable"
