"""Geocode addresses later: those that a geocoder was not asked about yet, or did not find."""

from __future__ import annotations

from django.db.models import QuerySet

from customers.models import Address
from customers.models.address import GeocodeStatus, Role
from customers.services.addresses.editing import update_delivery_address
from customers.services.addresses.geocoding import geocode_address
from customers.services.addresses.one_address import editing_address
from stores.actors import Actor
from stores.errors import Conflict
from stores.models import Store


def pending_addresses(store: Store | None, *, failed: bool) -> QuerySet[Address]:
    """Return delivery addresses of live customers that were not geocoded yet, or (`failed`) were not found.

    Sorted by id, with their stores. None means every store.
    """
    status = GeocodeStatus.FAILED if failed else ""
    rows = Address.objects.for_store(store).filter(role=Role.DELIVERY, geocode_status=status)
    return rows.filter(customer__deleted_at=None).select_related("store").order_by("id")


def geocode_and_save(address: Address, actor: Actor, *, budget: float | None = None) -> bool:
    """Geocode a saved address and save the result. Return whether it was found.

    Raises NotFound when the address was deleted meanwhile. Raises Conflict `geocoder_silent` when the geocoder
    does not answer; then nothing is saved, so that the address stays pending.
    """
    geocoded = geocode_address(address, budget)
    if not geocoded.answered:
        raise Conflict("geocoder_silent")
    # Read again under the lock. If the address has moved meanwhile, the result is ignored.
    with editing_address(address.as_queryset(), actor, {}) as (edit, current):
        update_delivery_address(edit, current, {}, geocoded)
    return geocoded.location is not None
