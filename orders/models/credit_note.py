from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class CreditNote(TenantModel):
    """The document of what an order was credited, or refunded. A database trigger refuses UPDATE and DELETE.

    Its amounts, its reason and who made it stand in the payments that it names: one of kind `credit` took off
    what was owed, one of kind `refund` gave back what was paid. The entries are those of the house account.
    """

    order = TenantForeignKey(Order, on_delete=models.PROTECT, related_name="credit_notes")
    uid = models.UUIDField(default=new_uid, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    number = models.CharField(max_length=30, editable=False, help_text="CN-<year>-<sequence>.")
    credit_uid = models.UUIDField(null=True, editable=False)
    credit_entry_uid = models.UUIDField(null=True, editable=False)
    refund_uid = models.UUIDField(null=True, editable=False)
    refund_entry_uid = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="credit_note_uid_once"),
            models.UniqueConstraint(
                fields=["store", "year", "sequence"], name="credit_note_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(credit_uid=None, refund_uid=None), name="credit_note_has_payment"
            ),
            *(
                models.UniqueConstraint(
                    fields=["store", f"{column}_uid"],
                    name=f"credit_note_of_{column}",
                    condition=~Q((f"{column}_uid", None)),
                )
                for column in ("credit", "credit_entry", "refund", "refund_entry")
            ),
        ]
        indexes = [
            models.Index(fields=["store", "order"], name="credit_notes_of_order"),
            models.Index(fields=["store", "created_at"], name="credit_notes_of_days"),
        ]

    def __str__(self) -> str:
        return self.number
