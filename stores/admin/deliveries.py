from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import chip
from stores.admin.events import KINDS, TypeFilter, as_text
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator
from stores.models import WebhookAttempt, WebhookDelivery
from stores.models.event_types import EVENT_TYPES
from stores.models.webhook import DeliveryStatus
from stores.webhooks.deliveries import redeliver

STATES = {
    DeliveryStatus.PENDING: ("Waiting", ""),
    DeliveryStatus.DELIVERED: ("Arrived", ""),
    DeliveryStatus.FAILED: ("Given up", "bad"),
    DeliveryStatus.CANCELLED: ("Not sent", "quiet"),
}
SEND = "stores.change_webhookdelivery"
MAX_SELECTED = 1000


def due_now(count: int) -> str:
    return f"{count} {'message' if count == 1 else 'messages'} will be sent now."


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


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value.value, title) for value, (title, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(status=value) if value in DeliveryStatus.values else queryset


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at",
        "kind",
        "receiver",
        "state",
        "attempt_count",
        "last_error",
        "store",
    ]
    list_filter = [
        ("store", ScopedRelatedFilter),
        StateFilter,
        EventFilter,
        ("endpoint", ScopedRelatedFilter),
    ]
    list_select_related = ["event", "endpoint", "store"]
    search_fields = ["endpoint__url"]
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    actions = [send_again]

    @admin.display(description="What", ordering="event__type")
    def kind(self, delivery: WebhookDelivery) -> str:
        snapshot = delivery.event.snapshot
        kind = KINDS.get(delivery.event.type, delivery.event.type)
        name = snapshot.get("number") or snapshot.get("name")
        return f"{kind}: {name}" if name else kind

    @admin.display(description="To")
    def receiver(self, delivery: WebhookDelivery) -> str:
        return delivery.endpoint.description or delivery.endpoint.url

    @admin.display(description="State", ordering="status")
    def state(self, delivery: WebhookDelivery) -> SafeString:
        title, kind = STATES[DeliveryStatus(delivery.status)]
        return chip(title, kind=kind)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEND)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Show what was sent, to whom, and what came of each attempt."""
        delivery = self.get_object(request, object_id)
        if delivery is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST" or not self.has_view_permission(request, delivery):
            return super().change_view(request, object_id, *args, **kwargs)
        attempts = WebhookAttempt.objects.filter(store=delivery.store_id, delivery=delivery)
        context = {
            **self.admin_site.each_context(request),
            "title": self.kind(delivery),
            "opts": self.opts,
            "original": delivery,
            "delivery": delivery,
            "state": self.state(delivery),
            "story": story(delivery),
            "attempts": [(one, answer(one)) for one in attempts.order_by("id")],
            "body": as_text(self.admin_site.webhook_body(delivery.event)),
            "may_send": self.has_send_permission(request),
            "may_test": request.user.has_perm("stores.change_webhookendpoint"),
        }
        return TemplateResponse(request, "admin/stores/webhookdelivery/page.html", context)

    def get_urls(self) -> list[URLPattern]:
        return [self.button_path("send", require_POST(self.send), SEND), *super().get_urls()]

    def send(self, request: HttpRequest, delivery: WebhookDelivery) -> HttpResponseBase:
        def change() -> None:
            redeliver(delivery.as_queryset())

        return self.button_response(request, delivery, due_now(1), change)


def story(delivery: WebhookDelivery) -> str:
    """Return in a sentence where the message is."""
    tries = f"{delivery.attempt_count} attempt{'' if delivery.attempt_count == 1 else 's'}"
    if delivery.status == DeliveryStatus.DELIVERED and delivery.delivered_at:
        return f"It arrived on {moment(delivery.delivered_at)}, after {tries}."
    if delivery.status == DeliveryStatus.FAILED:
        return f"Given up after {tries}. Nothing is lost: it can be sent again."
    if delivery.status == DeliveryStatus.CANCELLED:
        return "Not sent, because the receiver was switched off. It can be sent again."
    if not delivery.attempt_count:
        return "It waits to be sent."
    when = (
        f" It is tried again on {moment(delivery.next_attempt_at)}."
        if delivery.next_attempt_at
        else ""
    )
    return f"Not arrived yet, after {tries}.{when}"


def moment(value: datetime) -> str:
    return date_format(localtime(value), "DATETIME_FORMAT")


def answer(attempt: WebhookAttempt) -> str:
    """Return what the receiver answered, such as “503 Service Unavailable”, or what went wrong."""
    if attempt.status_code is None:
        return attempt.error or "no answer"
    known = {status.value: status.phrase for status in HTTPStatus}
    return f"{attempt.status_code} {known.get(attempt.status_code, '')}".strip()
