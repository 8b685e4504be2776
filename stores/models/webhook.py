from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from stores.database.plans import plannable
from stores.models.base import TenantModel, TenantQuerySet, new_uid
from stores.models.event_types import wildcard_of
from stores.models.tenant_keys import TenantForeignKey


class WebhookEndpointQuerySet(TenantQuerySet["WebhookEndpoint"]):
    @plannable
    def active(self) -> WebhookEndpointQuerySet:
        return self.filter(is_active=True)

    def failing(self) -> WebhookEndpointQuerySet:
        """Return endpoints that fail to accept deliveries, or were switched off because of that."""
        return self.exclude(failing_since=None, disabled_reason="")


class WebhookEndpoint(TenantModel):
    """A URL to which a store's events are sent; its secrets are encrypted (webhooks/secrets.py)."""

    uid = models.UUIDField(default=new_uid, editable=False)
    url = models.URLField(max_length=2000)
    events = models.JSONField(
        help_text="Event types; `customer.*`, `order.*` and `*` are wildcards."
    )
    description = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField("active", default=True)
    secret = models.BinaryField(editable=False)
    former_secret = models.BinaryField(null=True, editable=False)
    former_secret_until = models.DateTimeField(null=True, editable=False)
    failure_count = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_triggered_at = models.DateTimeField(null=True, editable=False)
    disabled_reason = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "receiver"
        constraints = [models.UniqueConstraint(fields=["store", "uid"], name="endpoint_uid_once")]
        indexes = [
            models.Index(fields=["store"], name="endpoint_active", condition=Q(is_active=True))
        ]

    def __str__(self) -> str:
        return self.url

    def wants(self, event_type: str) -> bool:
        """Tell whether the endpoint subscribes to events of this type, also by a wildcard."""
        return bool({event_type, wildcard_of(event_type), "*"} & set(self.events))


class DeliveryStatus(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WebhookDeliveryQuerySet(TenantQuerySet["WebhookDelivery"]):
    def pending(self) -> WebhookDeliveryQuerySet:
        return self.filter(status=DeliveryStatus.PENDING)

    def unleased(self, now: datetime) -> WebhookDeliveryQuerySet:
        """Return deliveries that no worker has leased."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=now))

    def due(self, now: datetime) -> WebhookDeliveryQuerySet:
        """Return pending deliveries whose time has come and that no worker has leased."""
        return self.pending().unleased(now).filter(next_attempt_at__lte=now)


class WebhookDelivery(TenantModel):
    """The delivery of one event to one endpoint."""

    uid = models.UUIDField(default=new_uid, editable=False)
    endpoint = TenantForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = TenantForeignKey("stores.Event", on_delete=models.PROTECT, related_name="deliveries")
    status = models.CharField(
        max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING
    )
    attempt_count = models.PositiveIntegerField("attempts", default=0)
    attempts_before = models.PositiveIntegerField(
        default=0,
        help_text="Attempts made before the last redelivery, which starts the schedule anew.",
    )
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_status_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name, verbose_name_plural = "message sent", "messages sent"
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="delivery_uid_once"),
            models.UniqueConstraint(
                fields=["store", "endpoint", "event"], name="delivery_once_per_event"
            ),
        ]
        indexes = [
            # Endpoint first: claims for other endpoints never scan the backlog of a dead one.
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                name="delivery_due",
                condition=Q(status="pending"),
            ),
            # What is in flight is counted without reading a backlog.
            models.Index(
                fields=["endpoint", "leased_until"],
                name="delivery_leased",
                condition=Q(leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}: {self.status}"


class WebhookAttempt(TenantModel):
    """An attempt of a delivery and its result."""

    delivery = TenantForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.status_code or self.error}"
