from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class ImportSource(TenantModel):
    """Another server that a store's customers come from.

    Its key is kept, encrypted, only when the back office was given it: a command reads it from its environment.
    """

    dialect = models.CharField(max_length=20)
    base_url = models.CharField(max_length=500)
    key = models.BinaryField(default=bytes, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "dialect", "base_url"], name="import_source_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dialect} at {self.base_url}"


class ImportedId(TenantModel):
    """The id that a customer has on another server, and what was last written of it from there.

    `version` is the customer's after that: what changed later was changed here.
    """

    source = TenantForeignKey(ImportSource, on_delete=models.CASCADE, related_name="ids")
    foreign_id = models.CharField(max_length=100)
    customer = TenantForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField()
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "source", "foreign_id"], name="imported_id_once"
            )
        ]

    def __str__(self) -> str:
        return self.foreign_id
