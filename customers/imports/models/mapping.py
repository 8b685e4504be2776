from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel


class SavedMapping(TenantModel):
    """What a person said that the columns of a file mean, for the next file with this header."""

    header_hash = models.CharField(max_length=64)
    targets = models.JSONField()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "header_hash"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return self.header_hash[:12]
