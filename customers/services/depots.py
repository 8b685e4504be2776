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
        served = Customer.objects.for_store(depot.store_id).live().filter(default_depot=depot)
        for pk in served.order_by("pk").values_list("pk", flat=True):
            customer = Customer.objects.for_store(depot.store_id).filter(pk=pk)
            update_customer(customer, actor, {"default_depot_id": None})
        depot.delete()
