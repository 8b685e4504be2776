"""Add, update and remove one delivery address, for dialects whose addresses have ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from customers.fields import AddressFields
from customers.models import Address, Customer, DeliveryZone
from customers.models.address import Role
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.addresses.editing import (
    add_delivery_address,
    remove_delivery_address,
    update_delivery_address,
)
from customers.services.customers import editing_with_references
from customers.services.editing import Edit, lock, note_former_id, unit_of_work
from customers.services.reference_locks import has_references, lock_references
from stores.actors import Actor
from stores.errors import Invalid, NotFound
from stores.models import Store
from stores.models.base import TenantQuerySet


def add_address(target: CustomerQuerySet, actor: Actor, fields: AddressFields) -> Address:
    """Add a delivery address to the live customer that `target` names, or into which it was merged.

    Raises NotFound, and Invalid `unknown_id` (`delivery_zone`) or `too_many`.
    """
    try:
        return add_to_live(target, actor, fields)
    except NotFound:
        return add_to_live(target.survivor(), note_former_id(actor, target), fields)


def add_to_live(target: CustomerQuerySet, actor: Actor, fields: AddressFields) -> Address:
    with editing_with_references(target, actor, fields) as edit:
        address = add_delivery_address(edit, with_zone(edit.customer.store, fields))
        edit.save_and_publish()
    return address


def update_address(target: TenantQuerySet[Address], actor: Actor, fields: AddressFields) -> Address:
    """Change the delivery address that `target` names. Raises NotFound and Invalid."""
    with editing_address(target, actor, fields) as (edit, address):
        update_delivery_address(edit, address, with_zone(edit.customer.store, fields))
    return address


def remove_address(target: TenantQuerySet[Address], actor: Actor) -> Address:
    """Remove the delivery address that `target` names. Raises NotFound."""
    with editing_address(target, actor, {}) as (edit, address):
        pk = address.pk
        remove_delivery_address(
            edit, address
        )  # sets `pk` to None, but the answer to DELETE shows it
        address.pk = pk
    return address


@contextmanager
def editing_address(
    target: TenantQuerySet[Address], actor: Actor, fields: AddressFields
) -> Iterator[tuple[Edit, Address]]:
    """Lock the live customer of the address that `target` names, read the address, save after the block.

    Raises NotFound.
    """
    # Read twice: the first time to know which customer to lock, then again under the lock.
    addresses = target.filter(role=Role.DELIVERY).of_one_store()
    while True:
        with unit_of_work():
            owner = addresses.values("store_id", "customer_id").first()
            if owner is None:
                raise NotFound
            if has_references(fields):
                lock_references(owner["store_id"], fields)
            customer = Customer.objects.filter(store=owner["store_id"], pk=owner["customer_id"])
            edit = Edit(lock(customer), actor)
            address = addresses.select_related("delivery_zone").first()
            if address is None:
                raise NotFound
            if address.customer_id != edit.customer.pk:
                continue  # a merge gave it to another customer while this waited for the lock
            if edit.customer.deleted_at:
                raise NotFound
            address.store, address.customer = edit.customer.store, edit.customer
            yield edit, address
            edit.save_and_publish()
            return


def with_zone(store: Store, fields: AddressFields) -> AddressFields:
    """Return the fields with the zone that `delivery_zone_uid` names. Raises Invalid `unknown_id`."""
    # Looked up under the lock of the customer; the zone itself was locked before it.
    if "delivery_zone_uid" not in fields:
        return fields
    return {**fields, "delivery_zone": find_zone(store, fields["delivery_zone_uid"])}


def find_zone(store: Store, uid: uuid.UUID | None) -> DeliveryZone | None:
    """Return the zone, or None for no uid. Raises Invalid `unknown_id` for one that the store does not have."""
    if uid is None:
        return None
    zone = DeliveryZone.objects.filter(store=store, uid=uid).first()
    if zone is None:
        raise Invalid("unknown_id", "delivery_zone")
    return zone
