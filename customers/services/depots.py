"""Delete a store's depots. Each customer served from a deleted one gets an event."""

from __future__ import annotations

from customers.models import Customer, Depot
from customers.services import bulk
from customers.services.editing import unit_of_work
from stores.actors import Actor
from stores.errors import NotFound
from stores.models.base import TenantQuerySet


def delete_depot(target: TenantQuerySet[Depot], actor: Actor) -> None:
    """Delete the depot that `target` names. Its customers stay, without a depot.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        depot = target.of_one_store().select_for_update(of=("self",)).first()
        if depot is None:
            raise NotFound
        # Locks in the order of `reference_locks`: the depot, its customers, the store.
        served = Customer.objects.for_store(depot.store_id).filter(default_depot=depot)
        keys, column = bulk.lock_customers(served), "default_depot_id"
        bulk.publish_updates(
            depot.store_id, keys, actor, column, lambda _: depot.pk, default_depot=None
        )
        depot.delete()
