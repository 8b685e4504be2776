from __future__ import annotations

from django.db import models
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel


class RevenueThirds(TenantModel):
    """The least yearly revenue in the middle third and in the highest third of a store's customers.

    The worker measures them regularly, because that takes seconds in a large store.
    """

    middle = money()
    high = money()
    # A large store uses these bounds; a small one is measured by the request.
    customers = models.PositiveIntegerField(help_text="How many are divided.")
    measured_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "revenue thirds"
        constraints = [models.UniqueConstraint(fields=["store"], name="thirds_once_a_store")]

    def __str__(self) -> str:
        return f"{self.middle}, {self.high}"
