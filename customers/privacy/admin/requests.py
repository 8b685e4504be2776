from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from customers.privacy.models import PrivacyRequest
from customers.privacy.models.request import RequestKind
from customers.privacy.services.requests import check_identity, close_request, extend_request
from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator

RIGHT = "privacy.change_privacyrequest"


WHEN_DONE = {
    RequestKind.ACCESS: "Make the file, and hand it over, on the customer's page first.",
    RequestKind.ERASE: "Closing erases nothing: erase on the customer's page first.",
    RequestKind.RESTRICT: "Done as asked, it takes effect at once: no news go out and nothing is erased, "
    "until somebody ends it on the customer's page.",
    RequestKind.OBJECT: "Done as asked, it takes effect at once: no system sends news and offers any more, "
    "until somebody ends it on the customer's page.",
}


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=5000, widget=forms.Textarea({"rows": 3}))


class CloseForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label="Decision",
        choices=[("yes", "Done as asked"), ("no", "Refused")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label="What was done, or why not",
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text="A refusal names the law.",
    )


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    """Requests by their due day. They are recorded on the customer's page."""

    change_form_template = "admin/privacy/request.html"
    list_display = ["due", "kind", "customer", "state", "identity_checked_by", "store"]
    list_filter = [("store", ScopedRelatedFilter), "state", "kind"]
    list_select_related = ["customer", "store"]
    ordering = ["due_on", "id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = [
        "customer",
        "kind",
        "state",
        "received_on",
        "due",
        "extended",
        "identity_checked_by",
        "identity_checked_at",
        "note",
        "decision",
        "actor_name",
        "closed_at",
    ]
    readonly_fields = ["due", "extended"]

    @admin.display(description="Due", ordering="due_on")
    def due(self, row: PrivacyRequest) -> str:
        day = date_format(row.due_on, "DATE_FORMAT")
        days = (row.due_on - timezone.localdate(timezone=row.store.tzinfo)).days
        if row.state != "open":
            return day
        when = "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days late"
        return f"{day}, {when}"

    @admin.display(description="Extended")
    def extended(self, row: PrivacyRequest) -> str:
        return "yes" if row.is_extended else "no"

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("identity", require_POST(self.identity), RIGHT),
            self.button_path("extend", self.extend, RIGHT),
            self.button_path("close", self.close, RIGHT),
            *super().get_urls(),
        ]

    def identity(self, request: HttpRequest, row: PrivacyRequest) -> HttpResponseBase:
        def change() -> None:
            check_identity(row.as_queryset(), self.actor(request))

        return self.button_response(
            request, row, "The identity is noted as checked by you.", change
        )

    def extend(self, request: HttpRequest, row: PrivacyRequest) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            extend_request(row.as_queryset(), self.actor(request), data["reason"])
            return "Extended to three months."

        form = ReasonForm(request.POST or None)
        hint = "Possible once. Tell the customer within the first month, and why."
        return self.form_response(
            request, row, form, change, title="Extend the time", button="Extend", hint=hint
        )

    def close(self, request: HttpRequest, row: PrivacyRequest) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            target, granted = row.as_queryset(), data["is_granted"]
            close_request(target, self.actor(request), data["decision"], is_granted=granted)
            return "The request is closed."

        form = CloseForm(request.POST or None)
        hint = WHEN_DONE[RequestKind(row.kind)]
        return self.form_response(
            request,
            row,
            form,
            change,
            title="Close the request",
            button="Close the request",
            hint=hint,
        )
