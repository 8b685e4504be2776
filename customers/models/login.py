from __future__ import annotations

from django.db import models

from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantOneToOneField


class LoginEmail(TenantModel):
    """An e-mail address that logs in to the portal of manufacturing, where it is unique over all stores.

    It has a table of its own, because the customers may be partitioned by store, and a unique key of a
    partitioned table begins with the store. The row is deleted when another dialect gives the customer
    another e-mail.
    """

    customer = TenantOneToOneField(
        "customers.Customer", on_delete=models.CASCADE, related_name="login_email"
    )
    email_key = models.CharField(max_length=320)

    class Meta:
        constraints = [
            # The only unique key that does not begin with the store.
            models.UniqueConstraint(fields=["email_key"], name="login_email_once"),
        ]

    def __str__(self) -> str:
        return self.email_key
