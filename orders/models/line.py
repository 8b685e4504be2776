from __future__ import annotations

from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, Q
from django.db.models.functions import Abs, Round
from django.db.models.lookups import LessThanOrEqual

from customers.models.money import money
from orders.models.order import Order
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey

# How much the total differs from quantity times price, less the discount.
GAP = Abs(
    ExpressionWrapper(
        F("quantity") * F("unit_price") - F("discount_amount") - F("total"),
        output_field=DecimalField(max_digits=15, decimal_places=6),
    )
)


class OrderLine(TenantModel):
    """A product on an order, with the id and name that it had on the day of the order."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    uid = models.UUIDField(default=new_uid, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    product_id = models.CharField(max_length=255)
    product_name = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit_price = money()
    discount_amount = money(default=0, help_text="Off this line.")
    total = money()
    credited_quantity = models.DecimalField(
        max_digits=10, decimal_places=3, default=0, help_text="By credit notes."
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="line_uid_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
            models.CheckConstraint(
                condition=Q(discount_amount__gte=0, total__gte=0),
                name="line_discount_within_price",
            ),
            # Services round to the currency's digits, which a line does not know: half a cent, or for a
            # whole amount half of one. The rest is for SQLite's binary fractions.
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(GAP, 0.006))
                | Q(LessThanOrEqual(GAP, 0.501), total=Round("total")),
                name="line_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(credited_quantity__gte=0, credited_quantity__lte=F("quantity")),
                name="line_credited_within_quantity",
            ),
        ]
        indexes = [models.Index(fields=["store", "order"], name="lines_of_order")]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.product_name}"
