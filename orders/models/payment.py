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


class Payment(TenantModel):
    """A payment of an order, or a refund."""

    order = TenantForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    uid = models.UUIDField(default=new_uid, editable=False)
    kind = models.CharField(max_length=7, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    amount = money()
    method = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="payment_uid_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
        ]
        indexes = [models.Index(fields=["store", "order"], name="payments_of_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
