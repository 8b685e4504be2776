from __future__ import annotations

from django.db import models
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel


class RevenueThirds(TenantModel):
    """The revenue of a year that the middle and the highest third of a store's customers begin at.

    The worker measures it now and then, for over a large store that takes seconds.
    """

    middle = money()
    high = money()
    customers = models.PositiveIntegerField(help_text="How many are divided.")
    measured_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "revenue thirds"
        constraints = [models.UniqueConstraint(fields=["store"], name="thirds_once_a_store")]

    def __str__(self) -> str:
        return f"{self.middle}, {self.high}"
