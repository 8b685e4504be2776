"""Geocoding customers' addresses: the geocoder is asked before a transaction, never inside one."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db.models import QuerySet

from customers.geocoding import Query, format_address
from customers.models import Address
from customers.models.address import GeocodeStatus, Role
from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from customers.services import addresses
from customers.services.address_book import editing_address
from customers.services.editing import Versions, editing
from customers.services.geocode_result import GeocodeResult, try_geocode
from stores.actors import Actor
from stores.errors import Conflict, Invalid, NotFound
from stores.models import Store


def query_of(address: Address) -> Query:
    """What to ask a geocoder about an address."""
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


def geocode_address(address: Address, budget: float | None = None) -> GeocodeResult:
    """Asks the geocoder for the coordinates of an address; saves nothing."""
    return GeocodeResult(
        addresses.location_fields(address), *try_geocode(query_of(address), budget)
    )


def geocode_update(
    store: Store, current: Address | None, fields: dict[str, Any]
) -> GeocodeResult | None:
    """Geocodes the default address as it will be when `fields` are merged into it; None if it does not move."""
    address = current or Address(store=store, role=Role.DELIVERY)
    before = addresses.location_fields(address)
    addresses.apply(address, fields)
    return (
        None
        if current and addresses.location_fields(address) == before
        else geocode_address(address)
    )


def geocode_text(store: Store, text: str) -> tuple[dict[str, Any], GeocodeResult]:
    """Geocodes an address written in one line: its fields as found, or else the line as street."""
    location, answered = try_geocode(Query(text=text, region=store.country))
    fields = dict.fromkeys(("line1", "line2", "city", "state", "postcode", "country"), "")
    if location is None:
        fields["line1"] = text
    else:
        fields |= {
            "line1": location.street,
            "city": location.city,
            "state": location.state_code or location.state,
            "postcode": location.postcode,
            "country": location.country_code or location.country,
        }
    address = Address(store=store, role=Role.DELIVERY)
    addresses.apply(address, fields)
    return fields, GeocodeResult(addresses.location_fields(address), location, answered)


def geocode_text_update(
    store: Store, current: Address | None, text: str
) -> tuple[dict[str, Any], GeocodeResult | None]:
    """`geocode_text` for a default address that it replaces; no result if it does not move, and is known to be
    placed, or not to be found, already."""
    fields, geocoded = geocode_text(store, text)
    status = GeocodeStatus.SUCCESS if geocoded.location else GeocodeStatus.FAILED
    stays = (
        current is not None
        and current.geocode_status == status
        and addresses.location_fields(current) == geocoded.location_fields
    )
    return fields, None if stays else geocoded


def default_address_of(target: CustomerQuerySet) -> Address | None:
    """The default delivery address of the customer that `target` names. Raises NotFound."""
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    return addresses.current_of(customer, Role.DELIVERY)


def geocode_current_or_new(
    store: Store, current: Address | None, wanted: dict[str, Any] | str | None
) -> tuple[dict[str, Any], GeocodeResult]:
    """Geocodes the present default address, or `wanted` instead; gives the fields to merge and the result.

    Raises Invalid `required` when there is neither.
    """
    if isinstance(wanted, str):
        return geocode_text(store, wanted)
    if current is None and not wanted:
        raise Invalid("required", "address")
    address = current or Address(store=store, role=Role.DELIVERY)
    addresses.apply(address, wanted or {})
    return wanted or {}, geocode_address(address)


def update_default_address(
    target: CustomerQuerySet,
    actor: Actor,
    fields: dict[str, Any],
    geocoded: GeocodeResult,
    *,
    versions: Versions = None,
) -> Row:
    """Merges the fields into the default address, with the geocoder's result for it."""
    with editing(target.live(), actor, versions) as edit:
        addresses.merge(edit, Role.DELIVERY, fields, geocoded)
        edit.save_and_publish()
    return edit.row


def record_failure_and_raise(
    target: CustomerQuerySet,
    actor: Actor,
    current: Address | None,
    wanted: Any,
    geocoded: GeocodeResult,
    *,
    versions: Versions = None,
) -> NoReturn:
    """Raises Invalid `not_placed`. A present address that was not found is saved as failed; a new one that was
    only `wanted` is not saved."""
    if wanted is None and current is not None:
        update_default_address(target, actor, {}, geocoded, versions=versions)
    text = wanted if isinstance(wanted, str) else text_of(geocoded.location_fields)
    raise Invalid("not_placed", "address", text=text)


def text_of(location_fields: tuple[str, ...]) -> str:
    line1, city, state, state_code, postcode, country, _ = location_fields
    return format_address(line1, city, state_code or state, postcode, country)


# --- addresses that are to be geocoded later


def pending_addresses(store: Store | None, *, failed: bool) -> QuerySet[Address]:
    """Live customers' delivery addresses that nobody asked about yet, or those that were not found.

    In the order of their ids, with their stores; those of every store for None.
    """
    status = GeocodeStatus.FAILED if failed else ""
    rows = Address.objects.for_store(store).filter(role=Role.DELIVERY, geocode_status=status)
    return rows.filter(customer__deleted_at=None).select_related("store").order_by("id")


def geocode_and_save(address: Address, actor: Actor, *, budget: float | None = None) -> bool:
    """Geocodes a saved address and saves the result; whether it was found.

    Raises NotFound when it was deleted meanwhile, and Conflict `geocoder_silent` when the geocoder does not
    answer; then nothing is saved, so that the address stays pending.
    """
    geocoded = geocode_address(address, budget)
    if not geocoded.answered:
        raise Conflict("geocoder_silent")
    own = address.as_queryset()
    with editing_address(own, actor, {}) as (edit, current):
        addresses.change(edit, current, {}, geocoded)
    return geocoded.location is not None
