"""Read the payments and the lines that credit notes name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from orders.models import CreditNote, CreditNoteLine, Payment

ZERO = Decimal(0)


def payments_of(notes: Iterable[CreditNote]) -> dict[uuid.UUID | None, Payment]:
    """Return the payments of credit notes of one store, by their uid."""
    uids = [uid for note in notes for uid in (note.credit_uid, note.refund_uid) if uid]
    stores = {note.store_id for note in notes}
    return {row.uid: row for row in Payment.objects.filter(store__in=stores, uid__in=uids)}


def amounts_of(notes: list[CreditNote]) -> dict[int, Decimal]:
    """Return what each of these notes of one store credits, by the key of the note."""
    payments = payments_of(notes)
    named = {
        note.pk: (payments.get(note.credit_uid), payments.get(note.refund_uid)) for note in notes
    }
    return {pk: sum((row.amount for row in rows if row), ZERO) for pk, rows in named.items()}


def quantities_of(notes: list[CreditNote]) -> dict[int, dict[int, Decimal]]:
    """Return by the key of each note its quantities, by the key of the order's line."""
    stores = {note.store_id for note in notes}
    rows = CreditNoteLine.objects.filter(store__in=stores, note__in=[note.pk for note in notes])
    quantities = defaultdict[int, dict[int, Decimal]](dict)
    for note, line, quantity in rows.order_by("id").values_list("note", "line", "quantity"):
        quantities[note][line] = quantity
    return quantities
