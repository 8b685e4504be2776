"""The types of geocoding: the query, the location found, and the error when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from customers.geocoding.formatting import format_address

Reason = Literal["not_found", "unavailable"]


@dataclass(frozen=True)
class Query:
    """An address to geocode: its components, or one line of free `text`.

    `region` is the ISO 3166 code of the store's country. An address that names no country is
    searched there first.
    """

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    country_code: str = ""
    state_code: str = ""
    text: str = ""
    region: str = ""

    @property
    def line(self) -> str:
        """Return the address in one line: the free text, or the formatted components."""
        if self.text:
            return self.text
        return format_address(
            self.street,
            self.city,
            self.state,
            self.postcode,
            self.country or self.country_code,
            state_code=self.state_code,
            country_code=self.country_code or self.region,
        )


@dataclass(frozen=True)
class Location:
    """The coordinates of an address and its components; a component may be blank.

    `approximate` is true when the point stands for something larger than the address, such as its
    street, town or postcode.
    """

    latitude: Decimal
    longitude: Decimal
    place_id: str
    formatted_address: str
    approximate: bool
    street: str = ""
    city: str = ""
    state: str = ""
    state_code: str = ""
    postcode: str = ""
    country: str = ""
    country_code: str = ""


class NotPlaced(Exception):
    """The address could not be geocoded.

    Reason `not_found`: the provider knows no such address. Reason `unavailable`: the provider gave
    no answer, so a later attempt may succeed.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
