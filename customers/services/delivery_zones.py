"""A store's delivery zones. When one changes or goes, an event is published for each customer in it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from customers.fields import ZoneFields, require_known
from customers.models import Address, Customer, DeliveryZone
from customers.models.customer import CustomerQuerySet
from customers.reads import Row, delivery_addresses
from customers.services import bulk
from customers.services.editing import unit_of_work
from stores.actors import Actor
from stores.errors import NotFound
from stores.models import Store


def create_zone(store: Store, name: str, reference: str | None = None) -> DeliveryZone:
    with unit_of_work():
        return DeliveryZone.objects.create(store=store, name=name, reference=reference or "")


def update_zone(target: QuerySet[DeliveryZone], actor: Actor, fields: ZoneFields) -> DeliveryZone:
    """Sets name and reference of the zone that `target` names.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    require_known(fields, ZoneFields)
    with unit_of_work():
        zone = _lock(target, no_key=True)
        before = (zone.name, zone.reference)
        zone.name = fields.get("name", zone.name)
        zone.reference = fields.get("reference", zone.reference) or ""
        if (zone.name, zone.reference) != before:
            zone.save()
            _publish_updates(zone, bulk.lock_customers(_customers_in(zone)), actor)
    return zone


def delete_zone(target: QuerySet[DeliveryZone], actor: Actor) -> DeliveryZone:
    """Deletes the zone that `target` names; the addresses in it stay, without a zone.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        zone = _lock(target)
        keys = bulk.lock_customers(_customers_in(zone))
        _addresses_in(zone).update(delivery_zone=None, updated_at=timezone.now())
        _publish_updates(zone, keys, actor)
        pk = zone.pk
        zone.delete()
        zone.pk = pk
    return zone


def _lock(target: QuerySet[DeliveryZone], *, no_key: bool = False) -> DeliveryZone:
    """Locks the zone until the commit; with `no_key` addresses may be put into it meanwhile."""
    zone = target.select_for_update(of=("self",), no_key=no_key).first()
    if zone is None:
        raise NotFound
    return zone


def _addresses_in(zone: DeliveryZone) -> QuerySet[Address]:
    return Address.objects.filter(store=zone.store_id, delivery_zone=zone)


def _customers_in(zone: DeliveryZone) -> CustomerQuerySet:
    rows = _addresses_in(zone).values("customer")
    return Customer.objects.filter(store=zone.store_id, pk__in=rows)


def _publish_updates(zone: DeliveryZone, keys: list[int], actor: Actor) -> None:
    bulk.publish_updates(zone.store_id, keys, actor, "addresses", _places)


def _places(row: Row) -> list[str]:
    """The delivery addresses as the timeline names them; a zone is no part of that."""
    names = ("uid", "formatted", "line1", "city")
    found = [{name: address[name] for name in names} for address in delivery_addresses(row)]
    return [str(Address(**address)) for address in found]
