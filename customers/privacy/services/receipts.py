"""Which systems may hold data of an erased customer, and whether they were told."""

from __future__ import annotations

from collections.abc import Iterator

from customers.models import Customer
from customers.privacy.models import Erasure, ErasureReceipt
from customers.privacy.models.receipt import Recipient
from customers.privacy.services.systems import keys_that_reached
from stores.models import WebhookDelivery, WebhookEndpoint


def create_receipts(erasure: Erasure, customer: Customer) -> None:
    """Expect a receipt of each receiver of messages, and of each API key used since the customer came."""
    rows = [*endpoint_receipts(erasure), *key_receipts(erasure, customer)]
    ErasureReceipt.objects.bulk_create(rows)


def endpoint_receipts(erasure: Erasure) -> Iterator[ErasureReceipt]:
    for endpoint in WebhookEndpoint.objects.filter(store=erasure.store_id).order_by("id"):
        yield ErasureReceipt(
            store_id=erasure.store_id,
            erasure=erasure,
            kind=Recipient.ENDPOINT,
            recipient=str(endpoint.uid),
            name=endpoint.url,
        )


def key_receipts(erasure: Erasure, customer: Customer) -> Iterator[ErasureReceipt]:
    """A key tells no system of an erasure, so staff must."""
    for key in keys_that_reached(customer):
        yield ErasureReceipt(
            store_id=erasure.store_id,
            erasure=erasure,
            kind=Recipient.KEY,
            recipient=key.key_id,
            name=key.name,
        )


def refresh_receipts(erasure: Erasure) -> list[ErasureReceipt]:
    """Note when each receiver got the message, and return all receipts."""
    rows = ErasureReceipt.objects.filter(store=erasure.store_id, erasure=erasure.pk)
    # Asked for when somebody looks: the outbox knows nothing of privacy.
    deliveries = WebhookDelivery.objects.filter(
        store=erasure.store_id, event__uid=erasure.event_uid, event__store=erasure.store_id
    ).exclude(delivered_at=None)
    told = {
        str(uid): moment
        for uid, moment in deliveries.filter(endpoint__store=erasure.store_id).values_list(
            "endpoint__uid", "delivered_at"
        )
    }
    for recipient, moment in told.items():
        waiting = rows.filter(kind=Recipient.ENDPOINT, recipient=recipient, told_at=None)
        waiting.update(told_at=moment)
    return list(rows.select_related("erasure"))
