from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from stores.admin.deleting import AsksBeforeDeleting, how_many
from stores.admin.deliveries import due_now
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm
from stores.admin.submissions import SubmissionTokenForm, submit_once
from stores.errors import DomainError
from stores.models import WebhookDelivery, WebhookEndpoint
from stores.models.base import validate_moment
from stores.models.event_types import SUBSCRIPTIONS
from stores.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)
from stores.webhooks.ranges import redeliver_range
from stores.webhooks.testing import send_test

TEST = (
    "The receiver gets an event of the type webhook.test at once, signed like all others. Nothing is "
    "stored. You see here what it answered."
)
RANGE = (
    "Events that were delivered already are sent again, with the same id. Events that the receiver missed "
    "while it was switched off are sent as well; without a date, those since it was created."
)
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
            "description": "What the receiver is for. Only colleagues see it.",
            "is_active": "Clear it to stop sending to this receiver.",
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
class WebhookEndpointAdmin(AsksBeforeDeleting):
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
        return chip("working", kind="quiet")

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

    def consequence(self, obj: WebhookEndpoint) -> str:
        rows = WebhookDelivery.objects.filter(store=obj.store_id, endpoint=obj)
        return f"{how_many(rows, 'message', 'messages')} to it will be deleted, and nothing more is sent to it."

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("rotate", self.rotate, "stores.change_webhookendpoint"),
            self.button_path("test", self.test, "stores.change_webhookendpoint"),
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
        return self.form_response(
            request, endpoint, form, change, title=title, button="Send", hint=RANGE
        )

    def test(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponseBase:
        form = forms.Form(request.POST or None)
        if not form.is_valid():
            title, button = "Send a test event", "Send test"
            return self.form_page(request, endpoint, form, title, button, TEST)
        try:
            # no transaction is open here: the receiver may take seconds
            outcome = send_test(endpoint, self.admin_site.webhook_body)
        except DomainError as refusal:
            return self.button_failed(request, endpoint, refusal)
        text = f"The test event arrived. The receiver answered {outcome.status_code}."
        if outcome.is_delivered:
            return self.button_done(request, endpoint, text)
        text = f"The test event did not arrive: {outcome.error}."
        self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(self.page_of(endpoint))
