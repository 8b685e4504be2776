"""What a geocoder said of a place, carried to the service that saves the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from customers.geocoding import Location, NotPlaced, Query, geocode
from customers.models import Address
from customers.models.address import GeocodeStatus


@dataclass(frozen=True)
class Located:
    """An answer about a place, taken only if the address still is there.

    Without a location nobody knows the place; unless nobody `answered`, which takes no location away.
    """

    place: tuple[str, ...]
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


def ask(query: Query, budget: float | None = None) -> tuple[Location | None, bool]:
    """Where that is, or None, and whether the geocoder answered. Never raises; keeps to the budget."""
    try:
        return geocode(query, budget=budget), True
    except NotPlaced as refusal:
        return None, refusal.reason != "unavailable"
