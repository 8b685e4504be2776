from __future__ import annotations

from django.db import models

from stores.models.base import TenantModel


class LoginEmail(TenantModel):
    """An e-mail address that logs in to the manufacturers' portal, where it is unique over all stores.

    A table of its own, because customers are partitioned by store and this rule is not. A row stands
    while the customer still has the address that the portal's dialect gave it.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, related_name="login_email"
    )
    email_key = models.CharField(max_length=320)

    class Meta:
        constraints = [
            # the one unique key that does not begin with the store: that is what the table is for
            models.UniqueConstraint(fields=["email_key"], name="login_email_once"),
        ]

    def __str__(self) -> str:
        return self.email_key
