"""Lock what a merge, or taking it apart, changes: what customers refer to, then the customers themselves.

The order is that of all services: tags, delivery zones and depots before customers. Whoever renames a tag locks
it and then its customers, and each of these gets an event with the new name. So no tag may move meanwhile.

Nobody locks a merged customer but who has locked its survivor.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from customers.models import Address, Customer, CustomerTag, DeliveryZone, Depot, Tag
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.editing import lock
from stores.errors import Conflict, NotFound

Pks = frozenset[int]


@dataclass(frozen=True)
class References:
    """The keys of the rows to which two customers refer."""

    tags: Pks
    zones: Pks
    depots: Pks

    def __le__(self, other: References) -> bool:
        return self.tags <= other.tags and self.zones <= other.zones and self.depots <= other.depots


def lock_pair(survivor: CustomerQuerySet, loser: CustomerQuerySet) -> tuple[Customer, Customer]:
    """Lock two live customers of one store until the commit. The caller has begun the transaction.

    Raises NotFound, and Conflict `same_customer`, `other_store`, `already_merged`, `merge_deleted` or
    `changed_meanwhile`.
    """
    sides = get_customer(survivor), get_customer(loser)
    store = sides[0].store_id
    if store != sides[1].store_id:
        raise Conflict("other_store")
    if sides[0].pk == sides[1].pk:
        raise Conflict("same_customer")
    for side in sides:  # before the locks: a merged customer must not be locked before its survivor
        require_live(side)
    pks = [side.pk for side in sides]
    references = lock_references(store, pks)
    # By primary key: two merges of the same customers in opposite directions must not deadlock.
    locked = {pk: lock_live(store, pk) for pk in sorted(pks)}
    require_same(store, pks, references)
    return locked[pks[0]], locked[pks[1]]


def lock_merged(store: int, survivor: int, loser: int, depot: int | None) -> list[Customer]:
    """Lock the customers of a merge. The survivor may get this depot back. Raises Conflict."""
    references = lock_references(store, [survivor, loser], depot)
    locked = [lock(Customer.objects.filter(store=store, pk=pk)) for pk in (survivor, loser)]
    require_same(store, [survivor, loser], references)
    return locked


def get_customer(target: CustomerQuerySet) -> Customer:
    customer = target.order_by().first()
    if customer is None:
        raise NotFound
    return customer


def lock_live(store: int, pk: int) -> Customer:
    """Lock a live customer. One that was merged meanwhile must not be locked before its survivor."""
    target = Customer.objects.filter(store=store, pk=pk)
    try:
        return lock(target.live())
    except NotFound:
        require_live(get_customer(target))
        raise


def require_live(customer: Customer) -> None:
    if customer.merged_into_id is not None:
        raise Conflict("already_merged", name=str(customer))
    if customer.deleted_at is not None:
        raise Conflict("merge_deleted", name=str(customer))


def lock_references(store: int, customers: Collection[int], depot: int | None = None) -> References:
    """Lock the rows to which the customers refer, and this depot. See `customers.services.reference_locks`."""
    references = references_of(store, customers)
    if references.tags:
        Tag.objects.filter(store=store, pk__in=references.tags).lock_key_share()
    if references.zones:
        # Who renames a zone shares it with those who put addresses into it, but not with this one.
        zones = DeliveryZone.objects.filter(store=store, pk__in=references.zones).order_by("pk")
        list(zones.select_for_update(no_key=True).values_list("pk"))
    if depots := references.depots | ({depot} if depot is not None else set()):
        Depot.objects.filter(store=store, pk__in=depots).lock_key_share()
    return references


def references_of(store: int, customers: Collection[int]) -> References:
    tags = CustomerTag.objects.filter(store=store, customer__in=customers)
    zones = Address.objects.filter(store=store, customer__in=customers).exclude(delivery_zone=None)
    depots = Customer.objects.filter(store=store, pk__in=customers).exclude(default_depot=None)
    return References(
        frozenset(tags.values_list("tag", flat=True)),
        frozenset(zones.values_list("delivery_zone", flat=True)),
        frozenset(depots.values_list("default_depot", flat=True)),
    )


def require_same(store: int, customers: Collection[int], locked: References) -> None:
    """Refuse when the customers got another tag, zone or depot before they were locked."""
    if not references_of(store, customers) <= locked:
        raise Conflict("changed_meanwhile")
