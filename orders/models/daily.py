from __future__ import annotations

from django.db import models

from stores.models.base import TenantModel


class DailySales(TenantModel):
    """The sum of a store's orders of one day, updated by services: a year is 365 rows, however many orders.

    Days are those of UTC, so that a store may change its time zone. Cancelled orders do not count. Refunds
    lower revenue. Orders that were deleted with their customer stay in it.
    """

    day = models.DateField()
    # No constraint, and wider than any order: no order may be refused because of a statistic.
    orders = models.IntegerField(default=0)
    revenue = models.DecimalField(max_digits=21, decimal_places=3, default=0)

    class Meta:
        verbose_name_plural = "daily sales"
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="sales_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.revenue}"
