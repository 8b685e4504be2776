"""A customer's places. Functions here change them under an `Edit`; they neither lock nor save the customer."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from customers.errors import Invalid
from customers.geocoding import format_address
from customers.models import Address, Customer
from customers.models.address import GeocodeStatus, Role
from customers.places import resolve
from customers.services.editing import Edit
from customers.services.locating import Located

AddressFields = dict[str, Any]

MOST = 100
TEXTS = ("first_name", "last_name", "company", "phone", "line1", "line2", "city", "postcode")
CHANGEABLE = [
    field.name
    for field in Address._meta.concrete_fields
    if field.name not in ("id", "uid", "store", "customer", "created_at")
]
PLACE = ("line1", "city", "state", "state_code", "postcode", "country", "country_code")


def listed(customer: Customer) -> list[Address]:
    """The delivery addresses in their order."""
    own = Address.objects.for_store(customer.store_id).filter(customer=customer, role=Role.DELIVERY)
    addresses = list(own.select_related("delivery_zone").order_by("position", "id"))
    for address in addresses:
        address.store, address.customer = customer.store, customer
    return addresses


def summary(addresses: list[Address]) -> list[str]:
    return [str(address) for address in addresses]


def apply(address: Address, fields: AddressFields, located: Located | None = None) -> bool:
    """Sets what the fields name; whether anything changed.

    A moved place loses its coordinates; a geocoder's silence about one that stayed changes nothing.
    """
    before, place = snapshot(address), place_of(address)
    for name in TEXTS:
        if name in fields:
            setattr(address, name, fields[name] or "")
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
    moved = place_of(address) != place
    if moved:
        forget_coordinates(address)
    apply_coordinates(address, fields)
    if located is not None and located.place == place_of(address) and (located.answered or moved):
        located.apply(address)
    return snapshot(address) != before


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
    """Coordinates that a client knows better than any geocoder."""
    if "latitude" in fields or "longitude" in fields:
        address.latitude = fields.get("latitude", address.latitude)
        address.longitude = fields.get("longitude", address.longitude)
        known = address.latitude is not None and address.longitude is not None
        address.geocode_status = GeocodeStatus.SUCCESS if known else ""


def place_of(address: Address) -> tuple[str, ...]:
    return tuple(getattr(address, name) for name in PLACE)


def forget_coordinates(address: Address) -> None:
    address.latitude = address.longitude = address.geocoded_at = None
    address.place_id = address.geocode_status = ""


def snapshot(address: Address) -> dict[str, Any]:
    left_out = ("position", "is_default", "updated_at")
    fields = address._meta.concrete_fields
    return {f.attname: getattr(address, f.attname) for f in fields if f.attname not in left_out}


def blank(customer: Customer, role: str) -> Address:
    return Address(store=customer.store, customer=customer, role=role)


# --- one address: the default or the billing one


def merge(
    edit: Edit, role: str, fields: AddressFields | None, located: Located | None = None
) -> None:
    """Merges into the billing or the default delivery address; None removes it.

    Where there is none, one is made, unless the fields say nothing at all.
    """
    noun = "billing_address" if role == Role.BILLING else "addresses"
    current = None if edit.is_new else current_of(edit.customer, role)
    before = [str(current)] if current else []
    if fields is None:
        if current is not None:
            edit.note(noun, before)
            remove(edit, current)
        return
    if current is None and all(value in (None, "") for value in fields.values()):
        return
    address = current or blank(edit.customer, role)
    if apply(address, fields, located) or current is None:
        edit.note(noun, before)
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
        heir = next(iter(listed(edit.customer)), None)
        if heir is not None:
            heir.itself().update(is_default=True)


def add(edit: Edit, fields: AddressFields) -> Address:
    """One more delivery address; the first one is the default."""
    present = listed(edit.customer)
    if len(present) >= MOST:
        raise Invalid("too_many", "addresses", most=MOST)
    edit.note("addresses", summary(present))
    address = blank(edit.customer, Role.DELIVERY)
    apply(address, fields)
    address.position = max((other.position for other in present), default=-1) + 1
    address.is_default = not present
    save(address)
    return address


def change(
    edit: Edit, address: Address, fields: AddressFields, located: Located | None = None
) -> None:
    before = summary(listed(edit.customer))
    if apply(address, fields, located):
        edit.note("addresses", before)
        save(address)


# --- the whole list


def replace(edit: Edit, wanted: list[AddressFields], default: uuid.UUID | None = None) -> None:
    """Makes the delivery addresses exactly `wanted`, in that order.

    Items with the `uid` of a present address are merged into it, others are new; the rest is deleted.
    What an item names as `already_blank` must be so. The default: `default`, else the last item with
    `is_default`, else the former one if it is still there, else the first. Raises Invalid naming
    `addresses.<i>.id`, another field of an item, or `default_address`.
    """
    if len(wanted) > MOST:
        raise Invalid("too_many", "addresses", most=MOST)
    present = listed(edit.customer)
    rows, touched = matched(edit.customer, present, wanted)
    chosen = choose_default(rows, wanted, default, present)
    gone = [address for address in present if address not in rows]
    before = [(a.pk, a.is_default) for a in present]
    if touched or gone or [(a.pk, a is chosen) for a in rows] != before:
        edit.note("addresses", summary(present))
        store_list(edit.customer, rows, touched, gone, chosen)


def replace_by_content(edit: Edit, wanted: list[AddressFields]) -> None:
    """`replace` for wires without ids: an item is the present address with its external id, else the
    one at its place, that of its name first. What is the same place to other dialects keeps its id."""
    free, known = listed(edit.customer), [dict(fields) for fields in wanted]
    for is_same in (same_reference, same_place_and_name, same_place):
        for fields in known:
            same = next((a for a in free if "uid" not in fields and is_same(a, fields)), None)
            if same is not None:
                fields["uid"] = same.uid
                free.remove(same)
    replace(edit, known)


def same_reference(address: Address, fields: AddressFields) -> bool:
    return bool(fields["external_id"]) and fields["external_id"] == address.external_id


def same_place(address: Address, fields: AddressFields) -> bool:
    return all(getattr(address, name) == fields[name] for name in (*PLACE, "line2"))


def same_place_and_name(address: Address, fields: AddressFields) -> bool:
    return same_place(address, fields) and address.label == fields["label"]


def matched(
    customer: Customer, present: list[Address], wanted: list[AddressFields]
) -> tuple[list[Address], list[Address]]:
    """The rows behind the wanted items, and those of them that are new or changed."""
    by_uid = {address.uid: address for address in present}
    rows, touched = [], []
    for index, fields in enumerate(wanted):
        uid = fields.get("uid")
        address = by_uid.pop(uid, None) if uid else blank(customer, Role.DELIVERY)
        if address is None:
            raise Invalid("unknown_id", f"addresses.{index}.id")
        if filled := [name for name in fields.get("already_blank", ()) if getattr(address, name)]:
            raise Invalid("required", f"addresses.{index}.{filled[0]}")
        if apply(address, fields) or address.pk is None:
            touched.append(address)
        rows.append(address)
    return rows, touched


def choose_default(
    rows: list[Address],
    wanted: list[AddressFields],
    default: uuid.UUID | None,
    present: list[Address],
) -> Address | None:
    if default is not None:
        chosen = next((row for row in rows if row.uid == default and row in present), None)
        if chosen is None:
            raise Invalid("unknown_id", "default_address")
        return chosen
    marked = [row for row, fields in zip(rows, wanted, strict=True) if fields.get("is_default")]
    former = [row for row in rows if row.pk is not None and row.is_default]
    return next(iter([*marked[-1:], *former, *rows[:1]]), None)


def store_list(
    customer: Customer,
    rows: list[Address],
    touched: list[Address],
    gone: list[Address],
    chosen: Address | None,
) -> None:
    own = Address.objects.for_store(customer.store_id).filter(customer=customer)
    own.filter(pk__in=[address.pk for address in gone]).delete()
    # never two defaults, not even between two statements
    own.filter(role=Role.DELIVERY, is_default=True).update(is_default=False)
    now = timezone.now()
    for address in touched:
        address.updated_at = now
    for position, address in enumerate(rows):
        address.position, address.is_default = position, address is chosen
    new, old = [a for a in rows if a.pk is None], [a for a in rows if a.pk is not None]
    Address.objects.bulk_update(old, CHANGEABLE)
    Address.objects.bulk_create(new)


def set_default(edit: Edit, default: uuid.UUID | None) -> None:
    """Marks one of the present delivery addresses. Raises Invalid naming `default_address`."""
    present = listed(edit.customer)
    if default is None:
        if present:
            raise Invalid("default_required", "default_address")
        return
    chosen = next((address for address in present if address.uid == default), None)
    if chosen is None:
        raise Invalid("unknown_id", "default_address")
    if not chosen.is_default:
        edit.note("addresses", summary(present))
        store_list(edit.customer, present, [], [], chosen)
