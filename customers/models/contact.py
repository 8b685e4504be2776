from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Contact(TenantModel):
    """A person who speaks for a customer, usually a firm."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="contacts"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    name = models.CharField(max_length=255)
    title = models.CharField(
        max_length=255, blank=True, help_text="What they do, for example Buyer."
    )
    email = models.CharField("e-mail", max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    is_primary = models.BooleanField("primary", default=False, help_text="The one to call first.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="contact_uid_once"),
            models.UniqueConstraint(
                fields=["store", "customer"],
                condition=Q(is_primary=True),
                name="contact_one_primary",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_name"),
        ]
        indexes = [models.Index(fields=["store", "customer"], name="contact_of_customer")]

    def __str__(self) -> str:
        return self.name
