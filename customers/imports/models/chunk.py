from __future__ import annotations

from django.db import models

from customers.imports.models.job import ImportJob
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class ImportChunk(TenantModel):
    """A part of an import's file, encrypted, so that no statement carries the whole of it."""

    job = TenantForeignKey(ImportJob, on_delete=models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    data = models.BinaryField(editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["store", "job", "position"], name="import_chunk_once")
        ]

    def __str__(self) -> str:
        return str(self.position)
