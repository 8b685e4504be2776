"""Soft-delete many customers of one store in one transaction, each with its version and its event."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F
from django.utils import timezone

from customers.models import Customer, LoginEmail, MatchKey, MatchProfile
from customers.reads import CUSTOMERS, Row
from customers.services.editing import delete_login_emails, unit_of_work
from stores.actors import Actor
from stores.models import Store
from stores.outbox import EventData, publish_many


def soft_delete_customers(store: Store, actor: Actor, versions: Mapping[int, int]) -> set[int]:
    """Delete the live customers that have the version that is named for their key. Return their keys."""
    with unit_of_work():
        live = Customer.objects.live().filter(store=store, pk__in=list(versions)).order_by("pk")
        locked = live.select_for_update(of=("self",), no_key=True).values_list("pk", "version")
        keys = [pk for pk, version in locked if version == versions[pk]]
        if not keys:
            return set()
        delete_login_emails(LoginEmail.objects.filter(customer__in=keys))
        customers = Customer.objects.filter(store=store, pk__in=keys)
        now = timezone.now()
        customers.update(deleted_at=now, version=F("version") + 1, updated_at=now)
        for model in (MatchKey, MatchProfile):
            model.objects.filter(store=store, customer__in=keys).delete()
        rows = CUSTOMERS.full.rows(customers.order_by("pk"))
        publish_many([deletion_of(row) for row in rows], actor)
    return set(keys)


def deletion_of(row: Row) -> EventData:
    return EventData(
        type="customer.deleted",
        store_id=row["store_id"],
        customer_uid=row["uid"],
        subject_uid=row["uid"],
        version=row["version"],
        changed=["deleted_at"],
        before={"deleted_at": None},
        snapshot=row,
        created_at=row["updated_at"],
    )
