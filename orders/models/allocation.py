"""What pays what on a house account: credits, and their allocations to charges."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from customers.models import Charge
from customers.models.money import money
from stores.models.base import TenantModel, new_uid
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
