"""A store's delivery zones. Customers whose addresses show one are told when it changes or goes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from customers.errors import NotFound
from customers.models import Address, Customer
from customers.models.customer import CustomerQuerySet
from customers.services import addresses
from customers.services.editing import editing
from customers.services.unit_of_work import unit_of_work
from stores.actors import Actor
from stores.models import DeliveryZone, Store


def create_zone(store: Store, name: str, reference: str | None = None) -> DeliveryZone:
    with unit_of_work():
        return DeliveryZone.objects.create(store=store, name=name, reference=reference or "")


def change_zone(
    target: QuerySet[DeliveryZone], actor: Actor, fields: dict[str, Any]
) -> DeliveryZone:
    """Sets name and reference of the zone that `target` names. Raises NotFound."""
    with unit_of_work():
        zone = _lock(target, no_key=True)
        before = (zone.name, zone.reference)
        zone.name = fields.get("name", zone.name)
        zone.reference = fields.get("reference", zone.reference) or ""
        if (zone.name, zone.reference) != before:
            zone.save()
            for customer in _customers_in(zone):
                _tell(customer, actor)
    return zone


def delete_zone(target: QuerySet[DeliveryZone], actor: Actor) -> DeliveryZone:
    """Deletes the zone that `target` names; the addresses in it stay, without a zone. Raises NotFound."""
    with unit_of_work():
        zone = _lock(target)
        for customer in _customers_in(zone):
            _tell(customer, actor, leaving=zone)
        pk = zone.pk
        zone.delete()
        zone.pk = pk
    return zone


def _lock(target: QuerySet[DeliveryZone], *, no_key: bool = False) -> DeliveryZone:
    """Held until the commit; with `no_key` addresses may come into it meanwhile."""
    zone = target.select_for_update(of=("self",), no_key=no_key).first()
    if zone is None:
        raise NotFound
    return zone


def _customers_in(zone: DeliveryZone) -> list[CustomerQuerySet]:
    """Each customer with an address in the zone, all locked before the first is told of: an event takes the
    store's lock, and whoever waits for that one holds its customer."""
    rows = Address.objects.filter(store=zone.store_id, delivery_zone=zone).values("customer")
    own = Customer.objects.filter(store=zone.store_id, pk__in=rows).order_by("pk")
    found = own.select_for_update(no_key=True).values_list("pk", flat=True)
    return [Customer.objects.filter(store=zone.store_id, pk=pk) for pk in found]


def _tell(target: CustomerQuerySet, actor: Actor, *, leaving: DeliveryZone | None = None) -> None:
    """Says that the customer's addresses changed, and takes them out of the zone that they leave."""
    with editing(target, actor) as edit:
        edit.note("addresses", addresses.summary(addresses.listed(edit.customer)))
        if leaving is not None:
            own = Address.objects.filter(store=leaving.store_id, customer=edit.customer)
            own.filter(delivery_zone=leaving).update(delivery_zone=None, updated_at=timezone.now())
        edit.finish()
