"""Give a credit note its number, and save it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.db.models import F
from django.utils import timezone

from orders.models import CreditNote, CreditNoteLine, CreditNoteSequence, OrderLine
from orders.services.numbering import next_number
from stores.database.updates import CompiledUpdate

NEXT_NUMBER = CompiledUpdate(CreditNoteSequence, "year", last=F("last") + 1)


def issue(note: CreditNote, quantities: Mapping[uuid.UUID, Decimal] = MappingProxyType({})) -> None:
    """Save a credit note that has its order and payments, under the next number of the store's year.

    `quantities` are those of the order's lines, by the uid of the line. Call it as late as possible: other
    credit notes of the store wait until the commit.
    """
    note.store = note.order.store
    note.year = timezone.localdate(note.created_at, note.store.tzinfo).year
    note.sequence = next_number(NEXT_NUMBER, note.store_id, note.year)
    note.number = f"CN-{note.year}-{note.sequence:03}"
    note.insert()
    if quantities:
        add_lines(note, quantities)


def add_lines(note: CreditNote, quantities: Mapping[uuid.UUID, Decimal]) -> None:
    lines = OrderLine.objects.filter(store=note.store_id, order=note.order, uid__in=quantities)
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(store=note.store, note=note, line=line, quantity=quantities[line.uid])
        for line in lines.order_by("position", "id")
    )
