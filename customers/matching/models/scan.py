"""How far the search for duplicates has come, and what it has counted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel


class MatchScan(TenantModel):
    """The last comparison of all customers of a store, which an interruption does not end."""

    cursor = models.BigIntegerField(default=0, help_text="The last customer that was compared.")
    pairs = models.PositiveBigIntegerField(default=0, help_text="Pairs that were scored.")
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store"], name="scan_once_a_store")]

    def __str__(self) -> str:
        return f"from {self.started_at} to {self.finished_at or self.cursor}"


class ValueCounts(TenantModel):
    """How many customers of a store have each common name, place, phone and birthday."""

    counts = models.JSONField()
    measured_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "value counts"
        constraints = [models.UniqueConstraint(fields=["store"], name="counts_once_a_store")]

    def __str__(self) -> str:
        return f"measured at {self.measured_at}"
