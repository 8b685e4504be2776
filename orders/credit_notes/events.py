"""Find the credit notes that changes of orders made, for the timeline. Snapshots do not have them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.db.models import Q

from orders.models import CreditNote
from orders.models.payment import PaymentKind
from stores.models import Event

KINDS = {"credited_amount": PaymentKind.CREDIT, "refunded_amount": PaymentKind.REFUND}


def numbers_of_events(events: Iterable[Event]) -> dict[int, str]:
    """Return by the key of an event of one store the number of the credit note that it is about."""
    payments = {uid: event for event in events for uid in payments_of(event)}
    if not payments:
        return {}
    uids = [*payments]
    named = Q(credit_uid__in=uids) | Q(refund_uid__in=uids)
    notes = CreditNote.objects.filter(named, store__in={one.store_id for one in payments.values()})
    return {
        payments[uid].pk: note.number
        for note in notes
        for uid in (note.credit_uid, note.refund_uid)
        if uid in payments
    }


def payments_of(event: Event) -> Iterator[uuid.UUID]:
    """Yield the newest credit and the newest refund of the order, if the event changed their sums."""
    rows = event.snapshot.get("payments", ())
    for column in KINDS.keys() & set(event.changed):
        newest = [row["uid"] for row in rows if row.get("kind") == KINDS[column]][-1:]
        yield from map(uuid.UUID, newest)
