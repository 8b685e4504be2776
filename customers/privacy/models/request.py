from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class RequestKind(models.TextChoices):
    ACCESS = "access", "Give me my data"
    ERASE = "erase", "Erase my data"
    RESTRICT = "restrict", "Do not use my data for now"
    OBJECT = "object", "No more marketing"


class RequestState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


class PrivacyRequest(TenantModel):
    """What a customer asked for under data protection law, and what was decided, within a month."""

    uid = models.UUIDField(default=new_uid, editable=False)
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="privacy_requests"
    )
    kind = models.CharField("asked for", max_length=8, choices=RequestKind.choices)
    state = models.CharField(
        max_length=7, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    received_on = models.DateField("received")
    due_on = models.DateField("due", editable=False)
    is_extended = models.BooleanField("extended", default=False, editable=False)
    identity_checked_by = models.CharField(max_length=250, blank=True, editable=False)
    identity_checked_at = models.DateTimeField(null=True, editable=False)
    note = models.TextField(max_length=5000, blank=True, help_text="What was asked, and how.")
    decision = models.TextField(max_length=5000, blank=True, editable=False)
    actor_name = models.CharField("recorded by", max_length=250, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="privacy_request_uid_once"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="privacy_request_due_after"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "due_on"], name="privacy_requests_open", condition=Q(state="open")
            ),
            models.Index(fields=["store", "customer"], name="privacy_requests_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, due {self.due_on:%-d %B %Y}"
