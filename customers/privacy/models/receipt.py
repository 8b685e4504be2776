from __future__ import annotations

from django.db import models
from django.utils import timezone

from customers.privacy.models.erasure import Erasure
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey

OVERDUE_DAYS = (7, 21, 28)
MAX_NOTE = 450  # of a receiver, beside what the server writes


class Recipient(models.TextChoices):
    ENDPOINT = "endpoint", "Receiver of messages"
    KEY = "key", "API key"


class ErasureReceipt(TenantModel):
    """A system that may hold data of an erased customer: when it was told, and who confirmed its erasure."""

    erasure = TenantForeignKey(Erasure, on_delete=models.CASCADE, related_name="receipts")
    kind = models.CharField(max_length=8, choices=Recipient.choices)
    recipient = models.CharField(max_length=60, help_text="The id of the receiver or of the key.")
    name = models.CharField(max_length=2000)
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="How it was confirmed.")
    actor_name = models.CharField("confirmed by", max_length=250, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "erasure", "kind", "recipient"], name="receipt_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def overdue_days(self) -> int:
        """The last of 7, 21 and 28 days that have passed without a confirmation; 0 when none has."""
        if self.confirmed_at is not None:
            return 0
        days = (timezone.now() - self.erasure.erased_at).days
        return max((limit for limit in OVERDUE_DAYS if limit <= days), default=0)
