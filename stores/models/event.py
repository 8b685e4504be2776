from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel, new_uid


class Event(TenantModel):
    """A change of a customer or order, and who made it: audit trail, feed and outbox in one row.

    Only services write events, last in their transaction and under the store's lock. So the ids of a store's
    events become visible in their order, and a reader of the feed misses none.
    """

    uid = models.UUIDField(default=new_uid, editable=False)
    type = models.CharField(max_length=40)
    customer_uid = models.UUIDField()
    subject_uid = models.UUIDField(help_text="The customer, or the order for an order's event.")
    version = models.PositiveIntegerField(help_text="The customer's version, without gaps from 1.")
    changed = models.JSONField(default=list, help_text="Names of the fields that changed.")
    before = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text="Their former values, for the timeline.",
    )
    snapshot = models.JSONField(encoder=DjangoJSONEncoder, help_text="The subject as it became.")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="As the customer's `updated_at`."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="event_uid_once"),
            models.UniqueConstraint(
                fields=["store", "customer_uid", "version"], name="event_version_once"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "id"], name="event_feed"),
            models.Index(fields=["store", "customer_uid", "id"], name="event_timeline"),
            # For what one person changed on one day.
            models.Index(fields=["store", "-created_at", "-id"], name="events_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.type} v{self.version}"
