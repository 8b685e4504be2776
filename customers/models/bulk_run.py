from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel


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
