from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class ConsentChange(TenantModel):
    """A customer's yes or no to marketing, with its time and who recorded it. Rows are never changed."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="consent_changes"
    )
    granted = models.BooleanField()
    actor_name = models.CharField(max_length=250)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["store", "customer"], name="consent_of_customer")]

    def __str__(self) -> str:
        return f"{'yes' if self.granted else 'no'} at {self.changed_at:%Y-%m-%d %H:%M}"
