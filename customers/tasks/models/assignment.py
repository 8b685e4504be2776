from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.models.base import TenantModel, TenantQuerySet

WHOLE_KIND = 0  # the subject of a task that is about all rows of its kind together


class AssignmentQuerySet(TenantQuerySet["Assignment"]):
    def in_force(self, today: date) -> AssignmentQuerySet:
        """Return those that say something: who has the task, or that it is put off."""
        return self.filter(~Q(assignee_id=None) | Q(snoozed_until__gt=today))


class Assignment(TenantModel):
    """Who has a task, and the day until which it is put off.

    The task itself is no row: it exists while its subject needs a person.
    """

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, help_text="A value of TaskKind.")
    subject = models.BigIntegerField(
        default=WHOLE_KIND, help_text="The key of the row that it is about."
    )
    # A number, not a foreign key: on a distributed database staff are in no reference table.
    assignee_id = models.BigIntegerField(null=True, help_text="The key of a member of staff.")
    assignee_name = models.CharField(max_length=250, blank=True)
    snoozed_until = models.DateField(null=True, help_text="It is shown again on this day.")
    actor_name = models.CharField(max_length=250)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "subject"], name="assignment_once"),
        ]
        indexes = [models.Index(fields=["store", "-updated_at"], name="assignments_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.assignee_name or 'nobody'}"
