from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel, TenantQuerySet, new_uid
from stores.models.tenant_keys import TenantForeignKey


class MergeQuerySet(TenantQuerySet["Merge"]):
    def standing(self) -> MergeQuerySet:
        """Return the merges that were not taken apart."""
        return self.filter(undone_at=None)


class Merge(TenantModel):
    """One merge of a customer, the loser, into another, the survivor, with all that taking it apart needs."""

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    survivor = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    loser = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField("merged", default=timezone.now)

    choices = models.JSONField(default=dict, help_text="By field: survivor or loser.")
    # Values by the name of the column, as text where JSON has no type of its own.
    survivor_before = models.JSONField(default=dict)
    loser_before = models.JSONField(default=dict)
    wrote = models.JSONField(default=dict, help_text="What the merge wrote into the survivor.")
    transfers = models.JSONField(
        default=list, encoder=DjangoJSONEncoder, help_text="The pairs of entries of the accounts."
    )
    points = money(default=0, help_text="The points that were moved.")
    login_email = models.CharField(
        max_length=320, blank=True, help_text="With which the loser logged in to the portal."
    )

    survivor_login_email = models.CharField(
        max_length=320, blank=True, help_text="With which the survivor logged in before."
    )

    undone_at = models.DateTimeField("taken apart", null=True)
    undone_by = models.CharField("taken apart by", max_length=250, blank=True)
    undo_report = models.JSONField(default=dict, help_text="What stayed as it was, and why.")

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("merge_customer", "Can merge customers and take merges apart")]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="merge_uid_once"),
            models.UniqueConstraint(
                fields=["store", "loser"], name="merged_once", condition=Q(undone_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-id"], name="merges_newest"),
            models.Index(fields=["store", "survivor"], name="merges_of_survivor"),
        ]

    def __str__(self) -> str:
        return f"{self.loser} into {self.survivor}"
