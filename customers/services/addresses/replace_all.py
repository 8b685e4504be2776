"""Replace the whole list of a customer's delivery addresses inside an `Edit`."""

from __future__ import annotations

import uuid

from django.utils import timezone

from customers.fields import AddressFields
from customers.models import Address, Customer
from customers.models.address import Role
from customers.services.addresses.columns import assign_address
from customers.services.addresses.editing import (
    MAX_ADDRESSES,
    delivery_addresses_of,
    summary,
)
from customers.services.addresses.former_ids import current_uids
from customers.services.addresses.matching import with_uids_by_content
from customers.services.editing import Edit
from stores.database.bulk_inserts import insert_many
from stores.errors import Invalid

UPDATABLE = [
    field.name
    for field in Address._meta.concrete_fields
    if field.name not in ("id", "uid", "store", "customer", "created_at")
]


def replace_addresses(
    edit: Edit, items: list[AddressFields], default: uuid.UUID | None = None
) -> None:
    """Make the delivery addresses exactly `items`, in that order.

    An item with the `uid` of a present address changes that address. Other items are new addresses. Present
    addresses that no item names are deleted. See `choose_default` for the default address.

    Raises Invalid `too_many`, and `unknown_id` naming `addresses.<i>.id` or `default_address`.
    """
    if len(items) > MAX_ADDRESSES:
        raise Invalid("too_many", "addresses", most=MAX_ADDRESSES)
    # All addresses with one query, none for a new customer; items are then matched in memory.
    present = [] if edit.is_new else delivery_addresses_of(edit.customer)
    items, default = with_current_uids(edit.customer, present, items, default)
    before, order_before = summary(present), [(row.pk, row.is_default) for row in present]
    rows, changed = rows_of_items(edit.customer, present, items)
    default_row = choose_default(rows, items, default, present)
    deleted = [address for address in present if address not in rows]
    if changed or deleted or [(row.pk, row is default_row) for row in rows] != order_before:
        edit.record_child_change("addresses", before)
        save_list(edit.customer, rows, changed, deleted, default_row)
        edit.record_new_rows("addresses", rows)


def with_current_uids(
    customer: Customer,
    present: list[Address],
    items: list[AddressFields],
    default: uuid.UUID | None,
) -> tuple[list[AddressFields], uuid.UUID | None]:
    """Replace ids that a client knows from before a merge. They are looked up only when none is present."""
    named = {uid for uid in [default, *(item.get("uid") for item in items)] if uid}
    missing = named - {address.uid for address in present}
    if not missing:
        return items, default
    current = current_uids(customer.store_id, missing)
    renamed: list[AddressFields] = [
        {**item, "uid": current.get(item["uid"], item["uid"])} if item.get("uid") else item
        for item in items
    ]
    return renamed, current.get(default, default) if default else None


def replace_addresses_by_content(edit: Edit, items: list[AddressFields]) -> None:
    """Make the delivery addresses exactly `items`, for a wire whose addresses have no ids.

    Find the present address that each item means: so addresses keep their ids, and the columns that such a wire
    does not show.
    """
    present = [] if edit.is_new else delivery_addresses_of(edit.customer)
    replace_addresses(edit, with_uids_by_content(present, items))


def rows_of_items(
    customer: Customer, present: list[Address], items: list[AddressFields]
) -> tuple[list[Address], list[Address]]:
    """Return the address of each item with the item's values, and those of them that are new or changed.

    Raises Invalid `unknown_id`, also when two items name the same address.
    """
    by_uid = {address.uid: address for address in present}
    rows, changed = [], []
    for index, item in enumerate(items):
        uid = item.get("uid")
        address = (
            by_uid.pop(uid, None)
            if uid
            else Address(store=customer.store, customer=customer, role=Role.DELIVERY)
        )
        # Contract of storefront: an unknown or foreign id, or one id twice, changes nothing.
        if address is None:
            raise Invalid("unknown_id", f"addresses.{index}.id")
        if assign_address(address, item) or address.pk is None:
            changed.append(address)
        rows.append(address)
    return rows, changed


def choose_default(
    rows: list[Address],
    items: list[AddressFields],
    default: uuid.UUID | None,
    present: list[Address],
) -> Address | None:
    """Return the default address. Contract of storefront: exactly one when there is any address.

    `default` wins over the last item with `is_default`, that over the former default, that over the first.
    Raises Invalid `unknown_id` when `default` is none of the present addresses.
    """
    if default is not None:
        # One that this request deletes is refused too.
        default_row = next((row for row in rows if row.uid == default and row in present), None)
        if default_row is None:
            raise Invalid("unknown_id", "default_address")
        return default_row
    marked = [row for row, item in zip(rows, items, strict=True) if item.get("is_default")]
    former = [row for row in rows if row.pk is not None and row.is_default]
    return next(iter([*marked[-1:], *former, *rows[:1]]), None)


def save_list(
    customer: Customer,
    rows: list[Address],
    changed: list[Address],
    deleted: list[Address],
    default: Address | None,
) -> None:
    """Write the whole list with few statements, however many addresses there are."""
    saved = Address.objects.for_store(customer.store_id).filter(customer=customer)
    present = [row for row in rows if row.pk is not None]
    if present or deleted:
        saved.filter(pk__in=[address.pk for address in deleted]).delete()
        # Before the others are written: a constraint allows one default, also between two statements.
        saved.filter(role=Role.DELIVERY, is_default=True).update(is_default=False)
    now = timezone.now()
    for address in changed:
        address.updated_at = now
    for position, address in enumerate(rows):
        address.position, address.is_default = position, address is default
    saved.bulk_update(present, UPDATABLE)
    insert_many([row for row in rows if row.pk is None])


def set_default_address(edit: Edit, default: uuid.UUID | None) -> None:
    """Make one of the present delivery addresses the default. Raises Invalid naming `default_address`."""
    present = delivery_addresses_of(edit.customer)
    if default is None:
        if present:
            raise Invalid("default_required", "default_address")
        return
    _, default = with_current_uids(edit.customer, present, [], default)
    default_row = next((address for address in present if address.uid == default), None)
    if default_row is None:
        raise Invalid("unknown_id", "default_address")
    if not default_row.is_default:
        edit.record_child_change("addresses", summary(present))
        save_list(edit.customer, present, [], [], default_row)
