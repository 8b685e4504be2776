from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models.money import money
from orders.models.order import Order
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class PaymentKind(models.TextChoices):
    PAYMENT = "payment"
    REFUND = "refund"
    CHARGE = "charge", "Put on account"
    CREDIT = "credit", "Credit note"
    VOID = "void", "Payment taken back"


class VoidCause(models.TextChoices):
    BOUNCED = "bounced"
    WRONG_CUSTOMER = "wrong_customer"
    CHARGEBACK = "chargeback"


class Payment(TenantModel):
    """A payment of an order, or what corrects or replaces one. A database trigger refuses UPDATE and DELETE.

    Payments of an order on account also stand in the ledger, under `entry_uid`.
    """

    order = TenantForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    uid = models.UUIDField(default=new_uid, editable=False)
    kind = models.CharField(max_length=7, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    amount = money()
    method = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # Empty in payments of former releases: the day of `created_at`.
    paid_on = models.DateField(null=True, help_text="The day of the bank.")
    entry_uid = models.UUIDField(null=True, editable=False, help_text="Its entry in the ledger.")
    voids_uid = models.UUIDField(
        null=True, editable=False, help_text="The payment that this one takes back."
    )
    cause = models.CharField(
        max_length=14, choices=VoidCause.choices, null=True
    )  # a default would rewrite the table
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="payment_uid_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(
                fields=["store", "voids_uid"],
                name="payment_voided_once",
                condition=~Q(voids_uid=None),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "order"], name="payments_of_order"),
            models.Index(fields=["store", "created_at"], name="payments_of_days"),
            models.Index(
                fields=["store", "created_at"],
                name="payments_put_on_account",
                condition=Q(kind="charge"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
