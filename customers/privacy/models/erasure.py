from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Erasure(TenantModel):
    """The erasure of a customer: when, by whom, and how many rows of each table it changed or deleted.

    It names nobody. The customer's row stays without personal data, because orders and entries refer to it.
    """

    uid = models.UUIDField(default=new_uid, editable=False)
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="erasures"
    )
    event_uid = models.UUIDField(editable=False, help_text="The event that told the receivers.")
    counts = models.JSONField(help_text="Rows that were changed or deleted, by table.")
    actor_name = models.CharField("by", max_length=250)
    erased_at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        permissions = [("erase_customer", "Can erase the personal data of customers")]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="erasure_uid_once"),
            models.UniqueConstraint(fields=["store", "customer"], name="erasure_once"),
        ]

    def __str__(self) -> str:
        return f"Erasure of {timezone.localdate(self.erased_at):%-d %B %Y}"
