from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.base import ReadOnly, ReadOnlyAdmin, ScopedAdmin
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm
from stores.admin.generic import AnyTabularInline
from stores.admin.paging import BoundedPaginator
from stores.admin.submissions import SubmissionTokenForm, submit_once
from stores.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from stores.models.base import validate_moment
from stores.models.event import SUBSCRIPTIONS
from stores.models.webhook import DeliveryStatus
from stores.webhooks.deliveries import redeliver, redeliver_range
from stores.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)

KINDS = {
    DeliveryStatus.DELIVERED: "good",
    DeliveryStatus.FAILED: "bad",
    DeliveryStatus.CANCELLED: "quiet",
}
MAX_SELECTED = 1000
ROTATION = (
    "Webhooks are signed with the new secret at once, and for 24 hours with the current one as well. "
    "Enter the new secret in the receiving system within that time."
)


class EndpointForm(SubmissionTokenForm, ServiceForm):
    url = forms.CharField(
        max_length=2000,
        label="URL",
        help_text="Begins with https://, uses port 443, and is reachable from the internet.",
        widget=forms.TextInput(attrs={"size": 80}),
    )
    events = forms.MultipleChoiceField(
        choices=[(name, name) for name in SUBSCRIPTIONS],
        widget=forms.CheckboxSelectMultiple,
        help_text="customer.* means all customer events, * means all events.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["store", "url", "events", "description", "is_active"]
        help_texts = {
            "description": "What the endpoint is for. Only colleagues see it.",
            "is_active": "Clear it to stop sending to this endpoint.",
        }


class RangeForm(forms.Form):
    """The time range of the events to send again; an empty field means no limit."""

    after = forms.SplitDateTimeField(
        label="Events from",
        required=False,
        widget=AdminSplitDateTime,
        validators=[validate_moment],
    )
    before = forms.SplitDateTimeField(
        label="Events before",
        required=False,
        widget=AdminSplitDateTime,
        validators=[validate_moment],
    )


class FailingFilter(SimpleListFilter):
    title, parameter_name = "state", "failing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Failing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.failing() if self.value() == "yes" else queryset


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ScopedAdmin):
    form = EndpointForm
    change_form_template = "admin/stores/webhookendpoint/page.html"
    list_display = ["url", "store", "state", "failing_since", "last_triggered_at"]
    list_filter = [("store", ScopedRelatedFilter), FailingFilter, "is_active"]
    list_select_related = ["store"]
    search_fields = ["url", "description"]
    facts = ["state", "failing_since", "last_triggered_at", "created_at"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["store", "url", "events", "description", "is_active"]
        return [(None, {"fields": [*fields, *self.facts] if obj else fields[:-1]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store", *self.facts] if obj else []

    @admin.display(description="State")
    def state(self, endpoint: WebhookEndpoint) -> SafeString:
        if not endpoint.is_active:
            return chip(endpoint.disabled_reason or "switched off", kind="bad")
        if endpoint.failing_since is not None:
            return chip(f"failed {endpoint.failure_count} times in a row", kind="warn")
        return chip("working", kind="good")

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool
    ) -> None:
        data = form.cleaned_data
        if change:
            update_endpoint(obj.as_queryset(), {name: data[name] for name in form.changed_data})
            return
        fields = {name: data[name] for name in ("url", "events", "description")}
        with submit_once(data["once"]) as sent:
            endpoint, obj.text = create_endpoint(data["store"], fields)
            obj.pk = endpoint.pk
            sent.path = self.page_of(obj)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponseBase:
        return self.show(request, obj, obj.text)

    def show(self, request: HttpRequest, obj: WebhookEndpoint, text: str) -> HttpResponseBase:
        """Show the signing secret this once. Without a redirect it is stored nowhere, not even in a session."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The signing secret",
            "subtitle": str(obj),
            "opts": self.opts,
            "original": obj,
            "text": text,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/stores/shown_once.html", context)

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        delete_endpoint(obj.as_queryset())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the endpoint alone: its deliveries go with it, and are too many to list."""
        return [str(obj) for obj in objs], {"webhook endpoint": len(objs)}, set(), []

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("rotate", self.rotate, "stores.change_webhookendpoint"),
            self.button_path("redeliver", self.redeliver, "stores.change_webhookdelivery"),
            *super().get_urls(),
        ]

    def rotate(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            return rotate_secret(endpoint.as_queryset())[1]

        form = forms.Form(request.POST or None)
        title = "New signing secret"
        return self.form_response(
            request,
            endpoint,
            form,
            change,
            title=title,
            button="Create",
            hint=ROTATION,
            finish=self.rotated,
        )

    def rotated(
        self, request: HttpRequest, endpoint: WebhookEndpoint, text: str
    ) -> HttpResponseBase:
        self.log_change(request, endpoint, "New signing secret.")
        return self.show(request, endpoint, text)

    def redeliver(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            return due_now(redeliver_range(endpoint.store, endpoint, data["after"], data["before"]))

        form = RangeForm(request.POST or None)
        title = "Send events again"
        hint = "Events that were delivered already are sent again, with the same id."
        return self.form_response(
            request, endpoint, form, change, title=title, button="Send", hint=hint
        )


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
    list_filter = [("store", ScopedRelatedFilter), "status"]
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
    ]
    readonly_fields = ["to", "kind", "status_chip"]

    @admin.display(description="Event", ordering="event__type")
    def kind(self, delivery: WebhookDelivery) -> str:
        return delivery.event.type

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
