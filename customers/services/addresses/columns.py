"""Set an address's columns from its fields and from a geocoder's answer."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from django.utils import timezone

from customers.fields import AddressFields, require_known
from customers.geocoding import Location, format_address
from customers.models import Address
from customers.models.address import GeocodeStatus, street_lines
from customers.places import resolve

TEXTS = ("first_name", "last_name", "company", "phone", "line1", "line2", "city", "postcode")
LOCATION_COLUMNS = ("line1", "city", "state", "state_code", "postcode", "country", "country_code")
REGION_COLUMNS = ("state", "state_code", "country", "country_code")
INCIDENTAL_COLUMNS = ("position", "is_default", "updated_at")
LOCATION = attrgetter(*LOCATION_COLUMNS)
COMPARED = attrgetter(
    *(
        field.attname
        for field in Address._meta.concrete_fields
        if field.attname not in INCIDENTAL_COLUMNS
    )
)


def location_values(address: Address) -> tuple[str, ...]:
    """Return the values that decide where an address is on the map, those of LOCATION_COLUMNS."""
    values: tuple[str, ...] = LOCATION(address)
    return values


@dataclass(frozen=True)
class GeocodeResult:
    """A geocoder's answer about an address with these `location_values`.

    `location` is None when the geocoder does not know the address, and when it did not answer. When it did not
    answer, `answered` is False, and saved coordinates stay.
    """

    location_values: tuple[str, ...]
    location: Location | None
    answered: bool = True

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


def assign_address(
    address: Address, fields: AddressFields, geocoded: GeocodeResult | None = None
) -> bool:
    """Set the columns that the fields name. Return whether anything changed.

    A moved address loses its coordinates. One that did not move keeps them when the geocoder does not answer.
    """
    require_known(fields, AddressFields)
    # Compare values, not fields: a client may send another spelling of the same state or country.
    before, old_location = COMPARED(address), location_values(address)
    assign_texts(address, fields)
    assign_region(address, fields)
    address.formatted = format_address(
        address.line1,
        address.city,
        address.state,
        address.postcode,
        address.country,
        state_code=address.state_code,
        # One that names no country stands in the store's own.
        country_code=address.country_code or ("" if address.country else address.store.country),
    )
    location = location_values(address)
    is_moved = location != old_location
    if is_moved:
        address.latitude = address.longitude = address.geocoded_at = None
        address.place_id = address.geocode_status = ""
    assign_coordinates(address, fields)
    # The geocoder was asked before the lock. If another request changed the address since, ignore the answer.
    if geocoded and geocoded.location_values == location and (geocoded.answered or is_moved):
        geocoded.save_on(address)
    return bool(COMPARED(address) != before)


def assign_texts(address: Address, fields: AddressFields) -> None:
    for name in TEXTS:
        if name in fields:
            setattr(address, name, fields[name] or "")  # type: ignore[literal-required]
    if "street_lines" in fields:
        assign_street(address, fields["street_lines"])
    if "label" in fields:
        address.label = fields["label"]
    if "external_id" in fields:
        address.external_id = fields["external_id"]
    if "delivery_zone" in fields:
        address.delivery_zone = fields["delivery_zone"]


def assign_street(address: Address, lines: list[str]) -> None:
    """Set line 1 and 2 from a list of lines, the street last. The same lines leave both columns unchanged."""
    # Another dialect may have put the same lines into other columns.
    if lines != street_lines(address.line1, address.line2):
        *others, address.line1 = lines or [""]
        address.line2 = "\n".join(others)


def assign_region(address: Address, fields: AddressFields) -> None:
    """Set state and country, each by code and name. Codes from a serializer are final: do not resolve them."""
    # Manufacturing refuses disagreeing names and codes, so its serializer has resolved them strictly.
    if "state_code" in fields or "country_code" in fields:
        for name in REGION_COLUMNS:
            setattr(address, name, fields.get(name) or "")
    elif "state" in fields or "country" in fields:
        # A new country may know the old state under another code, so resolve both together.
        state = fields.get("state", address.state_code or address.state) or ""
        country = fields.get("country", address.country_code or address.country) or ""
        place = resolve(state, country, region=address.store.country)
        address.state, address.state_code = place.state_name, place.state_code
        address.country, address.country_code = place.country_name, place.country_code


def assign_coordinates(address: Address, fields: AddressFields) -> None:
    """Set coordinates that the client sent. They count as geocoded, so `geocode_customers` leaves them."""
    if "latitude" in fields or "longitude" in fields:
        address.latitude = fields.get("latitude", address.latitude)
        address.longitude = fields.get("longitude", address.longitude)
        is_placed = address.latitude is not None and address.longitude is not None
        address.geocode_status = GeocodeStatus.SUCCESS if is_placed else ""
