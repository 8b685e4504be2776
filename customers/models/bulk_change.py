from __future__ import annotations

from django.db import models

from customers.models.bulk_run import BulkRun
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class BulkOutcome(models.TextChoices):
    CHANGED = "changed"
    UNDONE = "undone", "put back"
    KEPT = "kept", "stays"


class BulkChange(TenantModel):
    """A customer whom a bulk run really changed. Its event of that version has the former values."""

    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    run = TenantForeignKey(
        BulkRun, on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(help_text="The customer's version after the change.")
    outcome = models.CharField(
        max_length=10, choices=BulkOutcome.choices, default=BulkOutcome.CHANGED
    )
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was not put back.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "run", "customer"], name="bulk_change_once")
        ]
        indexes = [models.Index(fields=["store", "customer"], name="bulk_change_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} v{self.version}"
