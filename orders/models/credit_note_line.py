from __future__ import annotations

from django.db import models
from django.db.models import Q

from orders.models.credit_note import CreditNote
from orders.models.line import OrderLine
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class CreditNoteLine(TenantModel):
    """How much of a line of the order a credit note took back. None for a note of an amount."""

    note = TenantForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    line = TenantForeignKey(OrderLine, on_delete=models.PROTECT, related_name="credit_note_lines")
    quantity = models.DecimalField(max_digits=10, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "note", "line"], name="credit_note_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="credit_note_quantity_positive"
            ),
        ]
        indexes = [models.Index(fields=["store", "line"], name="credit_notes_of_line")]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.line.product_name}"
