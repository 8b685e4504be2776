"""What a change of a customer names, held before the customer is locked.

Whoever renames or deletes a tag, a zone or a depot has it first, its customers then and the store last.
Whoever gives it to a customer goes the same way: to refer to it takes a lock, too, but only at the commit.
"""

from __future__ import annotations

from typing import Any

from customers.errors import Conflict
from customers.models import Tag
from stores.models import DeliveryZone, Depot, Store
from stores.models.base import TenantQuerySet


def names_any(fields: dict[str, Any]) -> bool:
    """Whether these fields name something to hold."""
    names = ("tags", "tag_uids", "delivery_zone_uid", "default_depot_id")
    return any(fields.get(name) for name in names) or bool(zones_of(fields))


def hold_named(store: Store | int | None, fields: dict[str, Any]) -> None:
    """Holds what these fields name, kind by kind in one order for everybody.

    Raises Conflict `changed_meanwhile` when a zone or depot that the caller has seen is gone.
    """
    if not names_any(fields):
        return
    tags = Tag.objects.filter(store=store)
    if names := fields.get("tags"):
        tags.filter(key__in={Tag.key_of(name) for name in names}).lock_key_share()
    if uids := fields.get("tag_uids"):
        tags.filter(uid__in=uids).lock_key_share()
    zones = DeliveryZone.objects.filter(store=store)
    if uid := fields.get("delivery_zone_uid"):
        zones.filter(uid=uid).lock_key_share()
    if pks := zones_of(fields):
        hold_all(zones, pks)
    if pk := fields.get("default_depot_id"):
        hold_all(Depot.objects.filter(store=store), {pk})


def zones_of(fields: dict[str, Any]) -> set[int]:
    addresses = fields.get("addresses") or ()
    return {zone.pk for address in addresses if (zone := address.get("delivery_zone"))}


def hold_all(rows: TenantQuerySet, pks: set[int]) -> None:
    wanted = rows.filter(pk__in=pks)
    wanted.lock_key_share()
    if wanted.count() < len(pks):
        raise Conflict("changed_meanwhile")
