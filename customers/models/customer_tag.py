from __future__ import annotations

from django.db import models

from customers.models.tag import Tag
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class CustomerTag(TenantModel):
    """A tag on a customer. The ids of the rows keep the order in which the tags were added."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="customer_tags"
    )
    tag = TenantForeignKey(Tag, on_delete=models.CASCADE, related_name="customer_tags")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "customer", "tag"], name="customer_tag_once"),
        ]
        indexes = [models.Index(fields=["store", "tag", "customer"], name="customers_of_tag")]

    def __str__(self) -> str:
        return str(self.tag_id)
