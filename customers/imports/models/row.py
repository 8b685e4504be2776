from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from customers.imports.models.job import ImportJob
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class Action(models.TextChoices):
    """What the plan is for a row. `counts` of a job have these names."""

    CREATE = "create", "New"
    UPDATE = "update", "Changed"
    SAME = "same", "Same"
    CONFLICT = "conflict", "Conflict"
    ERROR = "error", "Error"
    SKIPPED = "skipped", "Left out"


WRITES = (Action.CREATE, Action.UPDATE)


class Outcome(models.TextChoices):
    WRITTEN = "written", "Written"
    UNDONE = "undone", "Taken back"
    PARTLY = "partly", "Taken back in part"
    KEPT = "kept", "Kept"


class ImportRow(TenantModel):
    """A customer of a file: what the check plans for it, what the run wrote, what was taken back.

    `line` is the first of its lines in the file. `payload` is what to write, until it is written; `result`
    is what was there before.
    """

    job = TenantForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    lines = models.JSONField(default=list, help_text="Further lines of the same customer.")
    label = models.CharField(max_length=250, blank=True)
    action = models.CharField(max_length=8, choices=Action.choices)
    customer = TenantForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    matched_by = models.CharField(max_length=20, blank=True)
    seen_version = models.PositiveIntegerField(null=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    diff = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    issues = models.JSONField(default=list)
    repairs = models.JSONField(default=list)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    version_after = models.PositiveIntegerField(null=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    kept = models.JSONField(default=list, help_text="What could not be taken back, and why.")

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["store", "job", "line"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["store", "job", "action", "line"], name="import_rows_by_action")
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.label}"

    @property
    def texts(self) -> list[dict[str, Any]]:
        """Return what people should read of this row, the refusals first."""
        return [*self.issues, *self.repairs]
