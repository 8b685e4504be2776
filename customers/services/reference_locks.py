"""Lock the rows that a change of a customer refers to: tags, delivery zones, depots.

Lock them before the customer, to avoid deadlocks. A service that renames or deletes a tag locks the tag first,
then its customers, then the store. A service that adds the tag to a customer must lock in the same order. The
lock that PostgreSQL takes for a foreign key comes too late: at the commit, when the customer is locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from customers.models import DeliveryZone, Depot, Tag
from stores.errors import Conflict
from stores.models import Store
from stores.models.base import TenantQuerySet


def has_references(fields: Mapping[str, Any]) -> bool:
    """Return True when these fields refer to rows that have to be locked."""
    names = ("tags", "tag_uids", "delivery_zone_uid", "default_depot_id")
    return any(fields.get(name) for name in names) or bool(zone_pks(fields))


def lock_references(store: Store | int | None, fields: Mapping[str, Any]) -> None:
    """Lock the rows that these fields refer to: tags, then zones, then depots, by primary key.

    Raises Conflict `changed_meanwhile` when a zone or depot that the caller read is deleted. An unknown tag or
    zone that a client named by its id is left to the service, which knows the field to refuse.
    """
    tags = Tag.objects.filter(store=store)
    # A shared lock: many requests may add the same tag, but nobody can rename or delete it meanwhile.
    if names := fields.get("tags"):
        tags.filter(key__in={Tag.key_of(name) for name in names}).lock_key_share()
    if uids := fields.get("tag_uids"):
        tags.filter(uid__in=uids).lock_key_share()
    zones = DeliveryZone.objects.filter(store=store)
    if uid := fields.get("delivery_zone_uid"):
        zones.filter(uid=uid).lock_key_share()
    if pks := zone_pks(fields):
        lock_all(zones, pks)
    if pk := fields.get("default_depot_id"):
        lock_all(Depot.objects.filter(store=store), {pk})


def zone_pks(fields: Mapping[str, Any]) -> set[int]:
    """Return the primary keys of the zones in a list of addresses, which the caller has looked up already."""
    addresses = fields.get("addresses") or ()
    return {zone.pk for address in addresses if (zone := address.get("delivery_zone"))}


def lock_all(rows: TenantQuerySet[Model], pks: set[int]) -> None:
    """Lock the rows with these primary keys. Raises Conflict `changed_meanwhile` when one is deleted."""
    rows = rows.filter(pk__in=pks)
    rows.lock_key_share()
    if rows.count() < len(pks):
        raise Conflict("changed_meanwhile")
