from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.actors import Actor
from stores.models.base import TenantModel, TenantQuerySet, new_uid
from stores.models.tenant_keys import TenantForeignKey


class State(models.TextChoices):
    FETCHING = "fetching", "Being fetched"
    UPLOADED = "uploaded", "Columns to be checked"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing written yet"
    RUNNING = "running", "Being written"
    DONE = "done", "Done"
    UNDOING = "undoing", "Being taken back"
    UNDONE = "undone", "Taken back"
    UNREADABLE = "unreadable", "Cannot be read"
    CANCELLED = "cancelled", "Thrown away"


# What a worker does; the others wait for a person.
AT_WORK = (State.CHECKING, State.RUNNING, State.UNDOING)
COUNTS = ("create", "update", "same", "conflict", "error", "skipped")


class ImportJobQuerySet(TenantQuerySet["ImportJob"]):
    def at_work(self) -> ImportJobQuerySet:
        return self.filter(state__in=AT_WORK)

    def unleased(self, now: datetime) -> ImportJobQuerySet:
        """Return jobs that no worker is at."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=now))


class ImportJob(TenantModel):
    """An import of customers, from the file to the result. Its file is kept encrypted in chunks."""

    uid = models.UUIDField(default=new_uid, editable=False)
    name = models.CharField(max_length=250, help_text="Of the file.")
    format = models.CharField(max_length=10, blank=True)
    vendor = models.CharField(max_length=40, blank=True, help_text="Whose export it is.")
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    targets = models.JSONField(default=list, help_text="The field of each column.")
    samples = models.JSONField(default=list, help_text="Some cells of each column.")
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    problem = models.CharField(max_length=500, blank=True)
    counts = models.JSONField(default=dict)
    progress = models.PositiveIntegerField(default=0, help_text="Rows that are done.")
    created_tags = models.JSONField(default=list, help_text="Keys of tags that the run created.")
    source = TenantForeignKey(
        "imports.ImportSource", on_delete=models.PROTECT, null=True, related_name="+"
    )
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField("begun", default=timezone.now, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "import"
        permissions = [("run_import", "Can import customers and take imports back")]
        constraints = [models.UniqueConstraint(fields=["store", "uid"], name="import_uid_once")]
        indexes = [
            models.Index(fields=["store", "-created_at"], name="import_newest"),
            models.Index(
                fields=["leased_until"], name="import_at_work", condition=Q(state__in=AT_WORK)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def writer(self) -> Actor:
        """Return the author of the changes that this import makes."""
        return Actor("import", self.pk, f"{self.actor_name}, import of {self.name}"[:250])

    def reload(self) -> None:
        """Read the row again, by its store and its id."""
        self.refresh_from_db(from_queryset=self.as_queryset())

    @property
    def total(self) -> int:
        return sum(self.counts.get(name, 0) for name in COUNTS)

    @property
    def writes(self) -> int:
        return self.count("create") + self.count("update")

    @property
    def failed(self) -> int:
        return self.count("conflict") + self.count("error")

    def count(self, action: str) -> int:
        number: Any = self.counts.get(action, 0)
        return int(number)
