"""One place of a customer, changed under an `Edit`. Nothing here locks or saves the customer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from customers.geocoding import format_address
from customers.models import Address, Customer
from customers.models.address import GeocodeStatus, Role, street_lines
from customers.places import resolve
from customers.services.editing import Edit
from customers.services.geocode_result import GeocodeResult
from stores.errors import Invalid

AddressFields = dict[str, Any]

MAX_ADDRESSES = 100
TEXT_FIELDS = ("first_name", "last_name", "company", "phone", "line1", "line2", "city", "postcode")
LOCATION_FIELDS = ("line1", "city", "state", "state_code", "postcode", "country", "country_code")


def delivery_addresses_of(customer: Customer) -> list[Address]:
    """The delivery addresses in their order."""
    own = Address.objects.for_store(customer.store_id).filter(customer=customer, role=Role.DELIVERY)
    addresses = list(own.select_related("delivery_zone").order_by("position", "id"))
    for address in addresses:
        address.store, address.customer = customer.store, customer
    return addresses


def summary(addresses: list[Address]) -> list[str]:
    return [str(address) for address in addresses]


def apply(address: Address, fields: AddressFields, geocoded: GeocodeResult | None = None) -> bool:
    """Sets what the fields name; whether anything changed.

    A moved address loses its coordinates; if it has not moved and the geocoder gave no answer, it keeps them.
    """
    before, old_location = comparable_fields(address), location_fields(address)
    for name in TEXT_FIELDS:
        if name in fields:
            setattr(address, name, fields[name] or "")
    apply_street(address, fields)
    for name in ("label", "external_id", "delivery_zone"):
        if name in fields:
            setattr(address, name, fields[name])
    apply_region(address, fields)
    address.formatted = format_address(
        address.line1,
        address.city,
        address.state_code or address.state,
        address.postcode,
        address.country,
    )
    moved = location_fields(address) != old_location
    if moved:
        forget_coordinates(address)
    apply_coordinates(address, fields)
    if (
        geocoded is not None
        and geocoded.location_fields == location_fields(address)
        and (geocoded.answered or moved)
    ):
        geocoded.apply(address)
    return comparable_fields(address) != before


def apply_street(address: Address, fields: AddressFields) -> None:
    """Lines of a wire that knows no first and second one: the same lines stay where they stand."""
    lines = fields.get("street_lines")
    if lines is not None and lines != street_lines(address.line1, address.line2):
        *others, address.line1 = lines or [""]
        address.line2 = "\n".join(others)


def apply_region(address: Address, fields: AddressFields) -> None:
    """State and country by code and name; a serializer that settled all four has its way."""
    if "state_code" in fields or "country_code" in fields:
        for name in ("state", "state_code", "country", "country_code"):
            setattr(address, name, fields.get(name) or "")
    elif "state" in fields or "country" in fields:
        state = fields.get("state", address.state_code or address.state) or ""
        country = fields.get("country", address.country_code or address.country) or ""
        place = resolve(state, country, region=address.store.country)
        address.state, address.state_code = place.state_name, place.state_code
        address.country, address.country_code = place.country_name, place.country_code


def apply_coordinates(address: Address, fields: AddressFields) -> None:
    """Set coordinates that a client knows better than any geocoder."""
    if "latitude" in fields or "longitude" in fields:
        address.latitude = fields.get("latitude", address.latitude)
        address.longitude = fields.get("longitude", address.longitude)
        known = address.latitude is not None and address.longitude is not None
        address.geocode_status = GeocodeStatus.SUCCESS if known else ""


def location_fields(address: Address) -> tuple[str, ...]:
    return tuple(getattr(address, name) for name in LOCATION_FIELDS)


def forget_coordinates(address: Address) -> None:
    address.latitude = address.longitude = address.geocoded_at = None
    address.place_id = address.geocode_status = ""


def comparable_fields(address: Address) -> dict[str, Any]:
    left_out = ("position", "is_default", "updated_at")
    fields = address._meta.concrete_fields
    return {f.attname: getattr(address, f.attname) for f in fields if f.attname not in left_out}


def new_address(customer: Customer, role: str) -> Address:
    return Address(store=customer.store, customer=customer, role=role)


def merge(
    edit: Edit, role: str, fields: AddressFields | None, geocoded: GeocodeResult | None = None
) -> None:
    """Merges into the billing or the default delivery address; None removes it.

    Where there is none, one is made, unless the fields say nothing at all.
    """
    noun = "billing_address" if role == Role.BILLING else "addresses"
    current = None if edit.is_new else current_of(edit.customer, role)
    before = [str(current)] if current else []
    if fields is None:
        if current is not None:
            edit.record_child_change(noun, before)
            remove(edit, current)
        return
    if current is None and all(value in (None, "") for value in fields.values()):
        return
    address = current or new_address(edit.customer, role)
    if apply(address, fields, geocoded) or current is None:
        edit.record_child_change(noun, before)
        address.is_default = role == Role.DELIVERY
        save(address)


def current_of(customer: Customer, role: str) -> Address | None:
    own = Address.objects.for_store(customer.store_id).filter(customer=customer, role=role)
    if role == Role.DELIVERY:
        own = own.filter(is_default=True)
    return own.select_related("store", "delivery_zone").first()


def save(address: Address) -> None:
    address.updated_at = timezone.now()
    if address.pk is None:
        address.insert()
    else:
        address.save()


def remove(edit: Edit, address: Address) -> None:
    """Deletes one address; the next in order becomes the default when it was that."""
    address.delete()
    if address.is_default:
        next_default = next(iter(delivery_addresses_of(edit.customer)), None)
        if next_default is not None:
            next_default.as_queryset().update(is_default=True)


def add(edit: Edit, fields: AddressFields) -> Address:
    """One more delivery address; the first one is the default."""
    present = delivery_addresses_of(edit.customer)
    if len(present) >= MAX_ADDRESSES:
        raise Invalid("too_many", "addresses", most=MAX_ADDRESSES)
    edit.record_child_change("addresses", summary(present))
    address = new_address(edit.customer, Role.DELIVERY)
    apply(address, fields)
    address.position = max((other.position for other in present), default=-1) + 1
    address.is_default = not present
    save(address)
    return address


def change(
    edit: Edit, address: Address, fields: AddressFields, geocoded: GeocodeResult | None = None
) -> None:
    before = summary(delivery_addresses_of(edit.customer))
    if apply(address, fields, geocoded):
        edit.record_child_change("addresses", before)
        save(address)
