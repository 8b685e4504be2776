"""The whole list of a customer's delivery addresses, settled at once under an `Edit`."""

from __future__ import annotations

import uuid

from django.utils import timezone

from customers.models import Address, Customer
from customers.models.address import Role, street_lines
from customers.services.addresses import (
    LOCATION_FIELDS,
    MAX_ADDRESSES,
    AddressFields,
    apply,
    delivery_addresses_of,
    new_address,
    summary,
)
from customers.services.editing import Edit
from stores.errors import Invalid

PLACE_FIELDS = [name for name in LOCATION_FIELDS if name != "line1"]
COUNTRYLESS_FIELDS = [name for name in PLACE_FIELDS if not name.startswith("country")]
CHANGEABLE = [
    field.name
    for field in Address._meta.concrete_fields
    if field.name not in ("id", "uid", "store", "customer", "created_at")
]


def replace(edit: Edit, wanted: list[AddressFields], default: uuid.UUID | None = None) -> None:
    """Makes the delivery addresses exactly `wanted`, in that order.

    Items with the `uid` of a present address are merged into it, others are new; the rest is deleted.
    The default: `default`, else the last item with `is_default`, else the former one if it is still there,
    else the first. Raises Invalid naming `addresses.<i>.id` or `default_address`.
    """
    if len(wanted) > MAX_ADDRESSES:
        raise Invalid("too_many", "addresses", most=MAX_ADDRESSES)
    present = delivery_addresses_of(edit.customer)
    rows, touched = matched(edit.customer, present, wanted)
    chosen = choose_default(rows, wanted, default, present)
    gone = [address for address in present if address not in rows]
    before = [(a.pk, a.is_default) for a in present]
    if touched or gone or [(a.pk, a is chosen) for a in rows] != before:
        edit.record_child_change("addresses", summary(present))
        store_list(edit.customer, rows, touched, gone, chosen)


def replace_by_content(edit: Edit, wanted: list[AddressFields]) -> None:
    """`replace` for dialects whose addresses have no ids: finds out which item means which saved address.

    An item means the saved address with its external id; else the one at the same place, preferably of the same
    name; else the one of the same name, whose place was corrected. So saved addresses keep their ids, and what
    such a dialect does not show of them.
    """
    free, known = delivery_addresses_of(edit.customer), [dict(fields) for fields in wanted]
    for is_same in (same_reference, same_place_and_name, same_place, same_name):
        for fields in known:
            same = next((a for a in free if "uid" not in fields and is_same(a, fields)), None)
            if same is not None:
                fields["uid"] = same.uid
                free.remove(same)
    replace(edit, known)


def same_reference(address: Address, fields: AddressFields) -> bool:
    return bool(fields["external_id"]) and fields["external_id"] == address.external_id


def same_place(address: Address, fields: AddressFields) -> bool:
    """An address in no country is in any: the dialect may have found it out by the state."""
    known = COUNTRYLESS_FIELDS if not address.country else PLACE_FIELDS
    return street_lines(address.line1, address.line2) == fields["street_lines"] and all(
        getattr(address, name) == fields[name] for name in known
    )


def same_place_and_name(address: Address, fields: AddressFields) -> bool:
    return same_place(address, fields) and address.label == fields["label"]


def same_name(address: Address, fields: AddressFields) -> bool:
    has_other_reference = fields["external_id"] and address.external_id
    return bool(fields["label"]) and address.label == fields["label"] and not has_other_reference


def matched(
    customer: Customer, present: list[Address], wanted: list[AddressFields]
) -> tuple[list[Address], list[Address]]:
    """The rows behind the wanted items, and those of them that are new or changed."""
    by_uid = {address.uid: address for address in present}
    rows, touched = [], []
    for index, fields in enumerate(wanted):
        uid = fields.get("uid")
        address = by_uid.pop(uid, None) if uid else new_address(customer, Role.DELIVERY)
        if address is None:
            raise Invalid("unknown_id", f"addresses.{index}.id")
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
    present = delivery_addresses_of(edit.customer)
    if default is None:
        if present:
            raise Invalid("default_required", "default_address")
        return
    chosen = next((address for address in present if address.uid == default), None)
    if chosen is None:
        raise Invalid("unknown_id", "default_address")
    if not chosen.is_default:
        edit.record_child_change("addresses", summary(present))
        store_list(edit.customer, present, [], [], chosen)
