"""The geocoding providers: a module for each value of the setting `GEOCODER`."""

from __future__ import annotations

from typing import Protocol

from customers.geocoding.terms import Location, Query


class Provider(Protocol):
    """The interface of a provider's module."""

    SECONDS_BETWEEN_REQUESTS: float  # the pace that its public server permits

    def locate(self, query: Query, seconds: float) -> Location | None:
        """Return None if it knows no such place; raise any exception if it cannot answer."""
