"""A store's depots. Customers served from one are told when it goes."""

from __future__ import annotations

from django.db.models import QuerySet

from customers.errors import NotFound
from customers.models import Customer
from customers.services.customers import update_customer
from customers.services.unit_of_work import unit_of_work
from stores.actors import Actor
from stores.models import Depot


def delete_depot(target: QuerySet[Depot], actor: Actor) -> None:
    """Deletes the depot that `target` names; its customers stay, without one. Raises NotFound."""
    with unit_of_work():
        depot = target.select_for_update(of=("self",)).first()
        if depot is None:
            raise NotFound
        for pk in _served_from(depot):
            customer = Customer.objects.for_store(depot.store_id).filter(pk=pk)
            update_customer(customer, actor, {"default_depot_id": None})
        depot.delete()


def _served_from(depot: Depot) -> list[int]:
    """Its live customers, all locked before the first is told: an event takes the store's lock, and
    whoever waits for that one holds its customer."""
    served = Customer.objects.for_store(depot.store_id).live().filter(default_depot=depot)
    locked = served.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))
