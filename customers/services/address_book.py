"""One delivery address at a time, for wires where an address is a thing with an id of its own.

Fields are the neutral ones of `addresses.apply`; `delivery_zone_uid` names a zone, None takes it away.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet

from customers.models import Address, Customer
from customers.models.address import Role
from customers.models.customer import CustomerQuerySet
from customers.services import addresses
from customers.services.customers import changing
from customers.services.editing import Edit
from stores.actors import Actor
from stores.errors import Invalid, NotFound
from stores.models import DeliveryZone, Store


def add_address(target: CustomerQuerySet, actor: Actor, fields: dict[str, Any]) -> Address:
    """One more address of the live customer that `target` names.

    Raises NotFound, and Invalid `unknown_id` (`delivery_zone`) or `too_many`.
    """
    with changing(target, actor, fields) as edit:
        address = addresses.add(edit, with_zone(edit.customer.store, fields))
        edit.save_and_publish()
    return address


def change_address(target: QuerySet[Address], actor: Actor, fields: dict[str, Any]) -> Address:
    """Changes the delivery address that `target` names. Raises NotFound and Invalid."""
    with editing_address(target, actor, fields) as (edit, address):
        addresses.change(edit, address, with_zone(edit.customer.store, fields))
    return address


def remove_address(target: QuerySet[Address], actor: Actor) -> Address:
    """Deletes the delivery address that `target` names. Raises NotFound."""
    with editing_address(target, actor, {}) as (edit, address):
        edit.record_child_change(
            "addresses", addresses.summary(addresses.delivery_addresses_of(edit.customer))
        )
        pk = address.pk
        addresses.remove(edit, address)
        address.pk = pk
    return address


@contextmanager
def editing_address(
    target: QuerySet[Address], actor: Actor, fields: dict[str, Any]
) -> Iterator[tuple[Edit, Address]]:
    """The address that `target` names, read again under the lock of its live customer."""
    found = target.filter(role=Role.DELIVERY).values("store_id", "customer_id").first()
    if found is None:
        raise NotFound
    owner = Customer.objects.filter(store=found["store_id"], pk=found["customer_id"])
    with changing(owner, actor, fields) as edit:
        address = target.select_related("delivery_zone").first()
        if address is None:
            raise NotFound
        address.store, address.customer = edit.customer.store, edit.customer
        yield edit, address
        edit.save_and_publish()


def with_zone(store: Store, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the zone that `delivery_zone_uid` names."""
    if "delivery_zone_uid" not in fields:
        return fields
    return {**fields, "delivery_zone": zone_named(store, fields["delivery_zone_uid"])}


def zone_named(store: Store, uid: uuid.UUID | None) -> DeliveryZone | None:
    if uid is None:
        return None
    zone = DeliveryZone.objects.filter(store=store, uid=uid).first()
    if zone is None:
        raise Invalid("unknown_id", "delivery_zone")
    return zone
