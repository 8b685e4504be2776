from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.base import ReadOnly, ReadOnlyAdmin
from stores.admin.display import chip
from stores.admin.events import TypeFilter, as_text
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.generic import AnyTabularInline
from stores.admin.paging import BoundedPaginator
from stores.models import WebhookAttempt, WebhookDelivery
from stores.models.event import EVENT_TYPES
from stores.models.webhook import DeliveryStatus
from stores.webhooks.deliveries import redeliver

KINDS = {
    DeliveryStatus.DELIVERED: "good",
    DeliveryStatus.FAILED: "bad",
    DeliveryStatus.CANCELLED: "quiet",
}
MAX_SELECTED = 1000


def due_now(count: int) -> str:
    return f"{count} {'delivery' if count == 1 else 'deliveries'} will be sent now."


class AttemptInline(ReadOnly, AnyTabularInline):
    model = WebhookAttempt
    extra = 0
    readonly_fields = ("created_at", "status_code", "error", "duration_ms")
    fields = readonly_fields
    verbose_name_plural = "attempts"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("stores.view_webhookdelivery")


@admin.action(description="Send again", permissions=["send"])
def send_again(page: Any, request: HttpRequest, selected: QuerySet[Any]) -> None:
    deliveries = list(selected.order_by("pk")[:MAX_SELECTED])
    for delivery in deliveries:
        redeliver(delivery.as_queryset())
        page.log_change(request, delivery, "Sent again.")
    page.message_user(request, due_now(len(deliveries)), messages.SUCCESS)


class EventFilter(TypeFilter):
    """Filter deliveries by the type of their event."""

    title, parameter_name = "event", "event"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = self.value()
        return queryset.filter(event__type=name) if name in EVENT_TYPES else queryset


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    change_form_template = "admin/change_form.html"  # with History: who sent it again
    list_display = [
        "id",
        "kind",
        "to",
        "status_chip",
        "attempt_count",
        "last_error",
        "created_at",
        "store",
    ]
    list_filter = [("store", ScopedRelatedFilter), "status", EventFilter]
    list_select_related = ["event", "endpoint", "store"]
    search_fields = ["endpoint__url"]
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    actions = [send_again]
    inlines = [AttemptInline]
    fields = [
        "to",
        "kind",
        "status_chip",
        "attempt_count",
        "next_attempt_at",
        "last_status_code",
        "last_error",
        "delivered_at",
        "created_at",
        "body",
    ]
    readonly_fields = ["to", "kind", "status_chip", "body"]

    @admin.display(description="Event", ordering="event__type")
    def kind(self, delivery: WebhookDelivery) -> str:
        return delivery.event.type

    @admin.display(description="Body")
    def body(self, delivery: WebhookDelivery) -> SafeString:
        return as_text(self.admin_site.webhook_body(delivery.event))

    @admin.display(description="To")
    def to(self, delivery: WebhookDelivery) -> SafeString:
        url = reverse("admin:stores_webhookendpoint_change", args=[delivery.endpoint_id])
        return format_html('<a href="{}">{}</a>', url, delivery.endpoint.url)

    @admin.display(description="Status", ordering="status")
    def status_chip(self, delivery: WebhookDelivery) -> SafeString:
        kind = KINDS.get(DeliveryStatus(delivery.status), "")
        return chip(delivery.get_status_display(), kind=kind)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("stores.change_webhookdelivery")
