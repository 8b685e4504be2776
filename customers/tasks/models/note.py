from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.models.base import TenantModel, TenantQuerySet, new_uid
from stores.models.tenant_keys import TenantForeignKey

if TYPE_CHECKING:
    from customers.models import Customer

MAX_TEXT = 5000


class NoteQuerySet(TenantQuerySet["Note"]):
    def of_customer(self, customer: Customer) -> NoteQuerySet:
        """Return a customer's notes, the newest first."""
        return self.filter(store=customer.store_id, customer=customer.pk).order_by("-id")

    def waiting(self) -> NoteQuerySet:
        """Return notes with a reminder that is not done."""
        return self.filter(remind_on__isnull=False, done_at=None)


class Note(TenantModel):
    """What somebody wrote about a customer or one of its orders, and whom it reminds on which day."""

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="staff_notes", db_index=False
    )
    order = TenantForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    text = models.TextField(max_length=MAX_TEXT)
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(default=timezone.now)

    remind_on = models.DateField(null=True)
    # A number, not a foreign key: on a distributed database staff are in no reference table.
    assignee_id = models.BigIntegerField(null=True, help_text="The key of a member of staff.")
    assignee_name = models.CharField(max_length=250, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=250, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "uid"], name="note_uid_once")]
        indexes = [
            models.Index(fields=["store", "customer", "-id"], name="notes_of_customer"),
            models.Index(
                fields=["store", "assignee_id", "remind_on"],
                name="notes_waiting",
                condition=Q(remind_on__isnull=False, done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.text[:40]}"

    def is_due(self, today: date) -> bool:
        return self.remind_on is not None and self.done_at is None and self.remind_on <= today
