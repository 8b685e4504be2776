"""Locks of the rows that a change of a customer refers to: tags, delivery zones, depots.

They are taken before the customer's own lock, to avoid deadlocks. A service that renames or deletes a tag locks
the tag first, then its customers, then the store. One that gives the tag to a customer must lock in the same
order; the lock that a foreign key takes by itself would come only at the commit.
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
    """Return whether these fields refer to rows that have to be locked."""
    names = ("tags", "tag_uids", "delivery_zone_uid", "default_depot_id")
    return any(fields.get(name) for name in names) or bool(zone_pks(fields))


def lock_references(store: Store | int | None, fields: Mapping[str, Any]) -> None:
    """Lock the rows that these fields refer to, table by table, always in the same order.

    Raises Conflict `changed_meanwhile` when a zone or depot that the caller has seen is gone.
    """
    tags = Tag.objects.filter(store=store)
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
    addresses = fields.get("addresses") or ()
    return {zone.pk for address in addresses if (zone := address.get("delivery_zone"))}


def lock_all(rows: TenantQuerySet[Model], pks: set[int]) -> None:
    wanted = rows.filter(pk__in=pks)
    wanted.lock_key_share()
    if wanted.count() < len(pks):
        raise Conflict("changed_meanwhile")
