from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from customers.models.money import money
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class Credit(TenantModel):
    """A payment to a house account, or another posting that lowers what is owed.

    `open_amount` is what is not allocated to a charge yet: it pays the next one. A payment that was taken back
    has the amount 0. Like `Charge`, the table repeats what ledger and allocations say.
    """

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="credits"
    )
    uid = models.UUIDField(editable=False, help_text="Of the ledger's entry.")
    order_uid = models.UUIDField(null=True, editable=False, help_text="The order that it names.")
    is_reduction = models.BooleanField(
        default=False, help_text="It lowers what its order comes to, and is no money."
    )
    paid_on = models.DateField()
    amount = money()
    open_amount = money(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "customer", "uid"], name="credit_once"),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")),
                name="credit_open_within_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "customer", "id"],
                name="credits_open_of_customer",
                condition=Q(open_amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on}: {self.open_amount} of {self.amount}"
