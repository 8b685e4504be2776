"""Soft-delete many customers of one store in one transaction, each with its version and its event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from customers.models import Customer, LoginEmail
from customers.reads import CUSTOMERS
from customers.services.bulk import event_data
from customers.services.editing import delete_login_emails
from customers.services.match_keys import delete_match_keys
from stores.actors import Actor
from stores.models import Store
from stores.outbox import publish_many


def lock_unchanged(store: Store, versions: Mapping[int, int]) -> list[int]:
    """Lock the live customers that have the version that is named for their key. Return their keys."""
    live = Customer.objects.live().filter(store=store, pk__in=list(versions)).order_by("pk")
    locked = live.select_for_update(of=("self",), no_key=True).values_list("pk", "version")
    return [pk for pk, version in locked if version == versions[pk]]


def soft_delete_customers(store: Store, actor: Actor, keys: list[int]) -> None:
    """Delete locked customers, and publish the event of each.

    Call it last in the transaction: the store's lock is held until the commit.
    """
    delete_login_emails(LoginEmail.objects.filter(customer__in=keys))
    delete_match_keys(store.pk, keys)
    customers = Customer.objects.filter(store=store, pk__in=keys)
    now = timezone.now()
    changed: dict[str, Any] = {"deleted_at": now, "updated_at": now, "version": F("version") + 1}
    customers.update(**changed)
    rows = CUSTOMERS.full.rows(customers.order_by("pk"))
    publish_many(
        [event_data("customer.deleted", row, "deleted_at", None, now) for row in rows], actor
    )
