from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models import Charge
from customers.models.money import money
from orders.models.credit import Credit
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class AllocationKind(models.TextChoices):
    PAYMENT = "payment"
    REDUCTION = "reduction"


class Allocation(TenantModel):
    """The part of a credit that pays a charge. A correction is a row with a negative amount.

    A reduction lowers what an order comes to (credit note, cancellation); only payments count as paid. A
    database trigger refuses UPDATE and DELETE.
    """

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="allocations"
    )
    credit = TenantForeignKey(Credit, on_delete=models.PROTECT, related_name="allocations")
    charge = TenantForeignKey(Charge, on_delete=models.PROTECT, related_name="allocations")
    uid = models.UUIDField(default=new_uid, editable=False)
    kind = models.CharField(
        max_length=9, choices=AllocationKind.choices, default=AllocationKind.PAYMENT
    )
    amount = money()
    effective_on = models.DateField(
        help_text="The day of the bank, or of the charge if that is later."
    )
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="allocation_uid_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_amount_not_zero"),
        ]
        indexes = [
            models.Index(fields=["store", "charge"], name="allocations_of_charge"),
            models.Index(fields=["store", "credit"], name="allocations_of_credit"),
            # Has all columns that later payments are added up from.
            models.Index(
                fields=["store", "effective_on", "charge", "customer", "amount"],
                name="allocations_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+}"
