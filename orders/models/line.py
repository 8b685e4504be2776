from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from customers.models.money import money
from orders.models.order import Order, cents
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class OrderLine(TenantModel):
    """A product on an order, with the id and name that it had on the day of the order."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    uid = models.UUIDField(default=new_uid, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    product_id = models.CharField(max_length=255)
    product_name = models.CharField(max_length=500)
    quantity = models.PositiveIntegerField()
    unit_price = money()
    total = money()
    credited_quantity = models.DecimalField(
        max_digits=10, decimal_places=3, default=0, help_text="By credit notes."
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="line_uid_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
            models.CheckConstraint(
                condition=Q(total=cents(F("quantity") * F("unit_price"))), name="line_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(credited_quantity__gte=0, credited_quantity__lte=F("quantity")),
                name="line_credited_within_quantity",
            ),
        ]
        indexes = [models.Index(fields=["store", "order"], name="lines_of_order")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_name}"
