"""Soft-delete many customers of one store in one transaction, each with its version and its event."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from customers.models import Customer, LoginEmail, MatchKey, MatchProfile
from customers.services import bulk
from customers.services.editing import delete_login_emails, unit_of_work
from stores.actors import Actor
from stores.models import Store


def soft_delete_customers(store: Store, actor: Actor, versions: Mapping[int, int]) -> set[int]:
    """Delete the live customers that have the version that is named for their key. Return their keys."""
    with unit_of_work():
        live = Customer.objects.live().filter(store=store, pk__in=list(versions)).order_by("pk")
        locked = live.select_for_update(of=("self",), no_key=True).values_list("pk", "version")
        keys = [pk for pk, version in locked if version == versions[pk]]
        if not keys:
            return set()
        delete_login_emails(LoginEmail.objects.filter(customer__in=keys))
        for model in (MatchKey, MatchProfile):
            model.objects.filter(store=store, customer__in=keys).delete()
        bulk.publish_updates(
            store.pk,
            keys,
            actor,
            "deleted_at",
            lambda row: None,
            "customer.deleted",
            deleted_at=timezone.now(),
        )
    return set(keys)
