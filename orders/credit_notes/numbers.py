"""Find the numbers of credit notes by the payments and the entries that they name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from orders.models import CreditNote, Order
from stores.models import Store

BLANK = Value("", output_field=CharField())


def numbers_of_payments(order: Order) -> dict[uuid.UUID, str]:
    """Return the numbers of the order's credit notes by the payments that they name."""
    notes = CreditNote.objects.filter(store=order.store_id, order=order)
    return {uid: note.number for note in notes for uid in (note.credit_uid, note.refund_uid) if uid}


def numbers_of_entries(store: int, entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the numbers of credit notes by the ledger's entries that they posted."""
    uids = list(entries)
    if not uids:
        return {}
    posted = Q(credit_entry_uid__in=uids) | Q(refund_entry_uid__in=uids)
    notes = CreditNote.objects.filter(posted, store=store)
    return {
        uid: note.number
        for note in notes
        for uid in (note.credit_entry_uid, note.refund_entry_uid)
        if uid
    }


def number_of_refund(store: Store) -> Coalesce:
    """Return the number of the credit note of a payment that is a refund, or a blank text."""
    return Coalesce(numbers(store, "refund_uid"), BLANK)


def number_of_entry(store: Store) -> Coalesce:
    """Return the number of the credit note that posted an entry, or a blank text."""
    columns = {"credit_note": "credit_entry_uid", "refund": "refund_entry_uid"}
    posted = [
        When(reason=reason, then=numbers(store, column)) for reason, column in columns.items()
    ]
    return Coalesce(Case(*posted, output_field=CharField()), BLANK)


def numbers(store: Store, column: str) -> Subquery:
    notes = CreditNote.objects.filter(store=store, **{column: OuterRef("uid")})
    return Subquery(notes.order_by().values("number")[:1])
