from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.models.base import TenantModel, new_uid

MAX_MONTHS = 600


class Retained(models.TextChoices):
    """What a rule is about, and what it does to it."""

    CUSTOMERS = "customers", "Inactive customers: erase them"
    EVENTS = "events", "Former states in the history: empty them"
    ATTEMPTS = "attempts", "Attempts to send messages: delete them"
    IMPORTS = "imports", "Imports, with their files and rows: delete them"
    EXPORTS = "exports", "Exports of personal data: delete them"


class RetentionRule(TenantModel):
    """For how many months a store keeps something. The worker carries an enabled rule out once a month.

    `preview` says what the run on `preview_for` would do: {"count": 142, "kept": {reason: number},
    "examples": [keys]}. A rule is enabled only after somebody could see it, and runs two weeks later at the
    earliest.
    """

    uid = models.UUIDField(default=new_uid, editable=False)
    what = models.CharField(max_length=9, choices=Retained.choices)
    after_months = models.PositiveSmallIntegerField(
        "after months", validators=[MinValueValidator(1), MaxValueValidator(MAX_MONTHS)]
    )
    is_enabled = models.BooleanField("enabled", default=False, editable=False)
    next_run_on = models.DateField(null=True, editable=False)
    preview = models.JSONField(null=True, editable=False)
    preview_for = models.DateField(null=True, editable=False)
    previewed_at = models.DateTimeField(null=True, editable=False)
    actor_name = models.CharField("changed by", max_length=250, editable=False)
    updated_at = models.DateTimeField("changed", default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="retention_uid_once"),
            models.UniqueConstraint(fields=["store", "what"], name="retention_rule_once"),
            models.CheckConstraint(
                condition=Q(after_months__range=(1, MAX_MONTHS)), name="retention_months_in_range"
            ),
            models.CheckConstraint(
                condition=Q(is_enabled=False) | Q(next_run_on__isnull=False),
                name="retention_enabled_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} after {self.after_months} months"
