from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class BulkKind(models.TextChoices):
    ADD_TAG = "add_tag", "tagged"
    REMOVE_TAG = "remove_tag", "untagged"
    BLACKLIST = "blacklist", "barred"
    UNBLACKLIST = "unblacklist", "no longer barred"
    ACTIVATE = "activate", "activated"
    SUSPEND = "suspend", "suspended"
    RESTORE = "restore", "restored"


class BulkRun(TenantModel):
    """An action on many customers of a store at once, which can be taken back."""

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=BulkKind.choices)
    # The tag by its id, not by a key: a deleted tag leaves the run as it is.
    tag_uid = models.UUIDField(null=True)
    tag_name = models.CharField(max_length=100, blank=True)
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField("when", default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=250, blank=True)

    class Meta:
        verbose_name = "bulk change"
        ordering = ["-id"]
        indexes = [models.Index(fields=["store", "-id"], name="bulk_run_latest")]

    def __str__(self) -> str:
        tag = f" “{self.tag_name}”" if self.tag_name else ""
        return f"Customers {self.get_kind_display()}{tag}"


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
