from __future__ import annotations

from django.db import models

from stores.models.base import TenantModel


class DailySales(TenantModel):
    """What a store's orders of one day come to, kept by the services: a year is 365 rows, however many orders.

    Days are those of UTC, so that a store may change its time zone. Cancelled orders and those that went
    away with their customer count nowhere; refunds lower revenue.
    """

    day = models.DateField()
    # not held above zero, and wider than any order: none is refused because of a statistic
    orders = models.IntegerField(default=0)
    revenue = models.DecimalField(max_digits=20, decimal_places=2, default=0)

    class Meta:
        verbose_name_plural = "daily sales"
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="sales_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.revenue}"
