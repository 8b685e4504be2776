from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.privacy.models.retention_rule import RetentionRule
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class RetentionRun(TenantModel):
    """A run of a rule: what was due on its day, how far it came, and how much it did or left, and why."""

    rule = TenantForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    due_on = models.DateField()
    after_months = models.PositiveSmallIntegerField()
    position = models.BigIntegerField(default=0, help_text="The last key that is done.")
    done = models.PositiveBigIntegerField(default=0)
    kept = models.JSONField(default=dict, help_text="Numbers by the reason why rows were left.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "rule", "due_on"], name="retention_run_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["store", "rule"],
                name="retention_run_unfinished",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d}"
