from __future__ import annotations

from django.db import models

from customers.merging.models.merge import Merge
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class Table(models.TextChoices):
    ADDRESS = "address"
    CONTACT = "contact"
    TAG = "tag"
    CONSENT = "consent"
    NOTE = "note"
    ORDER = "order"
    PAIR = "pair", "pair of duplicates"
    MERGED = "merged", "customer that was merged before"


class MovedRow(TenantModel):
    """A row that a merge gave to the survivor, with the columns that it changed besides."""

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    merge = TenantForeignKey(
        Merge, on_delete=models.CASCADE, related_name="moved_rows", db_index=False
    )
    table = models.CharField(max_length=7, choices=Table.choices)
    row_pk = models.BigIntegerField()
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "merge", "table", "row_pk"], name="moved_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_pk}"
