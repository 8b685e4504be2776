"""Create, update and delete a store's delivery zones. Each customer in a changed zone gets an event."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from customers.fields import ZoneFields, require_known
from customers.models import Address, Customer, DeliveryZone
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row, delivery_addresses
from customers.services import bulk
from customers.services.editing import unit_of_work
from stores.actors import Actor
from stores.errors import NotFound
from stores.models import Store
from stores.models.base import TenantQuerySet


def create_zone(store: Store, name: str, reference: str | None = None) -> DeliveryZone:
    with unit_of_work():
        return DeliveryZone.objects.create(store=store, name=name, reference=reference or "")


def update_zone(
    target: TenantQuerySet[DeliveryZone], actor: Actor, fields: ZoneFields
) -> DeliveryZone:
    """Set name and reference of the zone that `target` names.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    require_known(fields, ZoneFields)
    with unit_of_work():
        # Its key does not change, so addresses may be put into the zone meanwhile. They show its new name.
        zone = _lock(target, no_key=True)
        before = (zone.name, zone.reference)
        zone.name = fields.get("name", zone.name)
        zone.reference = fields.get("reference", zone.reference) or ""
        if (zone.name, zone.reference) != before:
            zone.save()
            _publish_updates(zone, bulk.lock_customers(_customers_in(zone)), actor)
    return zone


def delete_zone(target: TenantQuerySet[DeliveryZone], actor: Actor) -> DeliveryZone:
    """Delete the zone that `target` names. The addresses in it stay, without a zone.

    Return the zone as it was, with its primary key. Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        zone = _lock(target)
        # Before the addresses lose the zone, by which these customers are found.
        keys = bulk.lock_customers(_customers_in(zone))
        _addresses_in(zone).update(delivery_zone=None, updated_at=timezone.now())
        _publish_updates(zone, keys, actor)
        pk = zone.pk
        zone.delete()  # sets `pk` to None, but the answer to DELETE shows the zone
        zone.pk = pk
    return zone


def _lock(target: TenantQuerySet[DeliveryZone], *, no_key: bool = False) -> DeliveryZone:
    """Lock the zone until the commit. With `no_key`, other requests may refer to it meanwhile."""
    zone = target.of_one_store().select_for_update(of=("self",), no_key=no_key).first()
    if zone is None:
        raise NotFound
    return zone


def _addresses_in(zone: DeliveryZone) -> QuerySet[Address]:
    return Address.objects.filter(store=zone.store_id, delivery_zone=zone)


def _customers_in(zone: DeliveryZone) -> CustomerQuerySet:
    rows = _addresses_in(zone).values("customer")
    return Customer.objects.filter(store=zone.store_id, pk__in=rows)


def _publish_updates(zone: DeliveryZone, keys: list[int], actor: Actor) -> None:
    bulk.publish_updates(zone.store_id, keys, actor, "addresses", _address_names)


def _address_names(row: Row) -> list[str]:
    """Return the delivery addresses as the timeline names them, which is without their zone."""
    columns = ("uid", "formatted", "line1", "city")
    return [
        str(Address(**{name: address[name] for name in columns}))
        for address in delivery_addresses(row)
    ]
