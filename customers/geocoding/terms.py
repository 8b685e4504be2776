"""What is asked of a geocoder, what it answers, how an address is written in one line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from customers.geocoding.formatting import format_address

Reason = Literal["not_found", "unavailable"]


@dataclass(frozen=True)
class Query:
    """An address to place: its components, or one line of free `text`.

    `region` is the ISO 3166 code of the country where the asking store is: an address that names
    no country is looked for there first.
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
        """The address in one line, however it was given."""
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
    """Where an address is, and its components as found (blank where none was found).

    `approximate` is true when the point stands for something larger than the address: its street,
    its locality, its postcode.
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
    """The address has no coordinates.

    Reason `not_found`: no such place is known. `unavailable`: nobody could be asked; asking again
    later may help.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
