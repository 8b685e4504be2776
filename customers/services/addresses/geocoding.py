"""Geocode the default address of a customer before a service saves it.

Ask the geocoder before a transaction, never inside one: it may take seconds, and locks would be held meanwhile.
So an answer may be out of date when a service saves it. `GeocodeResult` remembers which address it is about.
"""

from __future__ import annotations

from typing import NoReturn

from customers.fields import AddressFields
from customers.geocoding import Location, NotPlaced, Query, format_address, geocode
from customers.models import Address
from customers.models.address import GeocodeStatus, Role
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.addresses.columns import (
    GeocodeResult,
    assign_address,
    location_values,
)
from customers.services.addresses.editing import (
    find_address,
    merge_address,
)
from customers.services.editing import Versions, editing
from stores.actors import Actor
from stores.errors import Invalid, NotFound
from stores.models import Store


def query_of(address: Address) -> Query:
    """Return the query that asks a geocoder about an address."""
    return Query(
        street=address.line1,
        city=address.city,
        state=address.state,
        state_code=address.state_code,
        postcode=address.postcode,
        country=address.country,
        country_code=address.country_code,
        region=address.store.country,
    )


def try_geocode(query: Query, budget: float | None = None) -> tuple[Location | None, bool]:
    """Return the location or None, and whether the geocoder answered, within `budget` seconds. Never raise."""
    try:
        return geocode(query, budget=budget), True
    except NotPlaced as refusal:
        return None, refusal.reason != "unavailable"


def geocode_address(address: Address, budget: float | None = None) -> GeocodeResult:
    """Ask the geocoder for the coordinates of an address; save nothing."""
    return GeocodeResult(location_values(address), *try_geocode(query_of(address), budget))


def geocode_update(
    store: Store, current: Address | None, fields: AddressFields
) -> GeocodeResult | None:
    """Geocode the default address as it will be with these fields. Return None if it does not move."""
    address = current or Address(store=store, role=Role.DELIVERY)
    before = location_values(address)
    assign_address(address, fields)
    # Contract of bakery: a write geocodes only when the address changed.
    return None if current and location_values(address) == before else geocode_address(address)


def geocode_text(store: Store, text: str) -> tuple[AddressFields, GeocodeResult]:
    """Geocode an address written in one line. Return its fields and the result.

    Contract of bakery: a string becomes the components that the geocoder found, or else the street alone.
    """
    location, answered = try_geocode(Query(text=text, region=store.country))
    fields: AddressFields = {
        "line1": text,
        "line2": "",
        "city": "",
        "state": "",
        "postcode": "",
        "country": "",
    }
    if location is not None:
        fields |= {
            "line1": location.street,
            "city": location.city,
            "state": location.state_code or location.state,
            "postcode": location.postcode,
            "country": location.country_code or location.country,
        }
    address = Address(store=store, role=Role.DELIVERY)
    assign_address(address, fields)
    return fields, GeocodeResult(location_values(address), location, answered)


def geocode_text_update(
    store: Store, current: Address | None, text: str
) -> tuple[AddressFields, GeocodeResult | None]:
    """Geocode an address written in one line that replaces the default address.

    Return its fields and the result. The result is None when the address does not move and the geocoder gave
    the same status before: the saved coordinates stay.
    """
    fields, geocoded = geocode_text(store, text)
    status = GeocodeStatus.SUCCESS if geocoded.location else GeocodeStatus.FAILED
    known = current if current and current.geocode_status == status else None
    stays = known is not None and location_values(known) == geocoded.location_values
    return fields, None if stays else geocoded


def default_address_of(target: CustomerQuerySet) -> Address | None:
    """Return the default delivery address of the customer that `target` names. Raises NotFound."""
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    return find_address(customer, Role.DELIVERY)


def geocode_current_or_new(
    store: Store, current: Address | None, replacement: AddressFields | str | None
) -> tuple[AddressFields, GeocodeResult]:
    """Geocode the present default address, or its `replacement`. Return the fields to merge and the result.

    Raises Invalid `required` when there is neither.
    """
    if isinstance(replacement, str):
        return geocode_text(store, replacement)
    if current is None and not replacement:
        raise Invalid("required", "address")
    address = current or Address(store=store, role=Role.DELIVERY)
    assign_address(address, replacement or {})
    return replacement or {}, geocode_address(address)


def update_default_address(
    target: CustomerQuerySet,
    actor: Actor,
    fields: AddressFields,
    geocoded: GeocodeResult,
    *,
    versions: Versions = None,
) -> Row:
    """Merge the fields into the default address, with the geocoder's result for it."""
    with editing(target.live(), actor, versions) as edit:
        merge_address(edit, Role.DELIVERY, fields, geocoded)
        edit.save_and_publish()
    return edit.row


def record_failure_and_raise(
    target: CustomerQuerySet,
    actor: Actor,
    current: Address | None,
    replacement: AddressFields | str | None,
    geocoded: GeocodeResult,
    *,
    versions: Versions = None,
) -> NoReturn:
    """Raise Invalid `not_placed`.

    Save the present address as failed first. Contract of bakery: a new address that cannot be geocoded is not
    stored.
    """
    if replacement is None and current is not None:
        update_default_address(target, actor, {}, geocoded, versions=versions)
    text = replacement if isinstance(replacement, str) else text_of(geocoded.location_values)
    raise Invalid("not_placed", "address", text=text)


def text_of(location: tuple[str, ...]) -> str:
    line1, city, state, state_code, postcode, country, country_code = location
    return format_address(
        line1, city, state, postcode, country, state_code=state_code, country_code=country_code
    )
