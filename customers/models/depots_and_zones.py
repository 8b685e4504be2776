"""Depots and delivery zones. Their tables keep the names that they had in the app `stores`.

During an upgrade, servers of the former release still use these tables.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stores.models.base import TenantModel, new_uid


class Depot(TenantModel):
    """A place where a manufacturer's goods are picked up or sent from."""

    name = models.CharField(max_length=200)

    class Meta:
        db_table = "stores_depot"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DeliveryZone(TenantModel):
    """An area that a store delivers to."""

    uid = models.UUIDField(default=new_uid, editable=False)
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "stores_deliveryzone"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="zone_uid_once"),
            models.CheckConstraint(condition=~Q(name=""), name="zone_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
