from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    POST = "post", "Post"


class ConsentState(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    PENDING = "pending", "Asked, not confirmed yet"


class ConsentChange(TenantModel):
    """What a customer said about marketing by one channel: when, where, to which words, and what proves it.

    Rows are never changed: a database trigger refuses it, and lets only `evidence` become empty, when the
    customer is erased. A consent counts from `valid_from`, whenever it was recorded.
    """

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="consent_changes"
    )
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    state = models.CharField(max_length=7, choices=ConsentState.choices, default=ConsentState.NO)
    source = models.CharField(
        max_length=50, default="api", help_text="A dialect, form, import or admin."
    )
    wording = models.TextField(
        max_length=5000, blank=True, help_text="What the customer was told, word for word."
    )
    wording_version = models.CharField(max_length=50, blank=True)
    evidence = models.JSONField(
        default=dict,
        blank=True,
        encoder=DjangoJSONEncoder,
        help_text="What proves it, for example the time of a confirmed e-mail.",
    )
    actor_name = models.CharField(max_length=250)
    valid_from = models.DateTimeField(default=timezone.now, help_text="When it was said.")
    changed_at = models.DateTimeField(default=timezone.now, help_text="When it was recorded.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["store", "customer"], name="consent_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state} from {self.valid_from:%Y-%m-%d %H:%M}"

    @property
    def granted(self) -> bool:
        return self.state == ConsentState.YES
