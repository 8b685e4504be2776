"""Note that another system has erased a customer, too."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from customers.privacy.models import ErasureReceipt
from customers.privacy.models.receipt import Recipient
from stores.actors import Actor
from stores.errors import Invalid, NotFound
from stores.models import WebhookEndpoint
from stores.models.base import TenantQuerySet


def confirm_by_receiver(
    endpoint: WebhookEndpoint, customer_uid: uuid.UUID, note: str = ""
) -> ErasureReceipt:
    """Note that a receiver says itself that it has erased a customer; the first time counts.

    Raises NotFound when no erasure of such a customer waits for this receiver.
    """
    rows = ErasureReceipt.objects.filter(
        store=endpoint.store_id,
        kind=Recipient.ENDPOINT,
        recipient=str(endpoint.uid),
        erasure__store=endpoint.store_id,
        erasure__customer__store=endpoint.store_id,
        erasure__customer__uid=customer_uid,
    )
    receipt = rows.first()
    if receipt is None:
        raise NotFound
    actor = Actor("receiver", endpoint.pk, f"Receiver {endpoint.url}"[:250])
    confirm_receipt(receipt.as_queryset(), actor, f"Signed call. {note}")
    return rows.select_related("erasure__customer").get()


def confirm_receipt(target: TenantQuerySet[ErasureReceipt], actor: Actor, note: str) -> None:
    """Note that a system has erased the customer, and how that is known. Raises NotFound and Invalid."""
    if not note.strip():
        raise Invalid("required", "note")
    with transaction.atomic():
        receipt = target.of_one_store().select_for_update(of=("self",), no_key=True).first()
        if receipt is None:
            raise NotFound
        if receipt.confirmed_at is None:
            receipt.confirmed_at, receipt.note = timezone.now(), note.strip()
            receipt.actor_name = actor.name
            receipt.save()
