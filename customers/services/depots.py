"""A store's depots. When one goes, an event is published for each customer served from it."""

from __future__ import annotations

from django.db.models import QuerySet

from customers.models import Customer, Depot
from customers.services import bulk
from customers.services.editing import unit_of_work
from stores.actors import Actor
from stores.errors import NotFound


def delete_depot(target: QuerySet[Depot], actor: Actor) -> None:
    """Deletes the depot that `target` names; its customers stay, without one.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        depot = target.select_for_update(of=("self",)).first()
        if depot is None:
            raise NotFound
        served = Customer.objects.for_store(depot.store_id).filter(default_depot=depot)
        keys, column = bulk.lock_customers(served), "default_depot_id"
        bulk.publish_updates(
            depot.store_id, keys, actor, column, lambda _: depot.pk, default_depot=None
        )
        depot.delete()
