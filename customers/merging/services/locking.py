"""Lock the two customers of a merge, always in the same order."""

from __future__ import annotations

from typing import NamedTuple

from customers.models import Customer, Depot
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.editing import lock
from stores.errors import Conflict, NotFound


class Key(NamedTuple):
    store: int
    pk: int
    depot: int | None


def key_of(target: CustomerQuerySet) -> Key:
    """Return the key of the customer that `target` names. Raises NotFound."""
    row = target.order_by().values_list("store_id", "pk", "default_depot_id").first()
    if row is None:
        raise NotFound
    return Key(*row)


def lock_pair(survivor: CustomerQuerySet, loser: CustomerQuerySet) -> tuple[Customer, Customer]:
    """Lock two live customers of one store until the commit. The caller has begun the transaction.

    Raises NotFound, and Conflict `same_customer`, `other_store`, `already_merged`, `merge_deleted` or
    `changed_meanwhile`.
    """
    keys = key_of(survivor), key_of(loser)
    if keys[0].store != keys[1].store:
        raise Conflict("other_store")
    if keys[0].pk == keys[1].pk:
        raise Conflict("same_customer")
    lock_depots(*keys)
    # By primary key: two merges of the same customers in opposite directions must not deadlock.
    locked = {
        key.pk: lock(Customer.objects.filter(store=key.store, pk=key.pk))
        for key in sorted(keys, key=lambda key: key.pk)
    }
    first, second = (locked[key.pk] for key in keys)
    for customer, key in ((first, keys[0]), (second, keys[1])):
        require_live(customer)
        if customer.default_depot_id != key.depot:
            raise Conflict("changed_meanwhile")
    return first, second


def lock_depots(*keys: Key) -> None:
    """Lock the depots that the survivor may get, before the customers: see `reference_locks`."""
    if pks := {key.depot for key in keys if key.depot is not None}:
        Depot.objects.filter(store=keys[0].store, pk__in=pks).lock_key_share()


def require_live(customer: Customer) -> None:
    if customer.merged_into_id is not None:
        raise Conflict("already_merged", name=str(customer))
    if customer.deleted_at is not None:
        raise Conflict("merge_deleted", name=str(customer))
