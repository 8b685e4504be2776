"""The page of a customer's privacy: requests, exports, erasure, and what is in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from customers.models import Customer
from customers.privacy.models import DataExport, PrivacyRequest
from customers.privacy.models.request import RequestKind
from customers.privacy.services.data_exports import request_export
from customers.privacy.services.erasing import erase_customer, preview_erasure
from customers.privacy.services.marks import was_erased
from customers.privacy.services.requests import lift, open_request
from stores.admin.base import ScopedAdmin
from stores.admin.error_messages import error_message

CONFIRMATION = "erase"


class RequestForm(forms.Form):
    kind = forms.ChoiceField(choices=RequestKind.choices, label="Asked for")
    received_on = forms.DateField(label="Received", initial=timezone.localdate)
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea({"rows": 3}))


class ExportForm(forms.Form):
    with_contacts = forms.BooleanField(
        required=False, label="With the firm's contacts", help_text="They are other people."
    )


class EraseForm(forms.Form):
    confirmation = forms.CharField(
        label=f"Write “{CONFIRMATION}”", help_text="It cannot be undone.", max_length=20
    )

    def clean_confirmation(self) -> str:
        text: str = self.cleaned_data["confirmation"].strip().lower()
        if text != CONFIRMATION:
            raise forms.ValidationError(f"Write “{CONFIRMATION}” to confirm.")
        return text


class PrivacyPages(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("privacy", self.privacy, "privacy.view_privacyrequest"),
            self.button_path("privacy-request", self.request_form, "privacy.add_privacyrequest"),
            self.button_path("export-data", self.export_data, "privacy.add_dataexport"),
            self.button_path("erase", self.erase, "privacy.erase_customer"),
            self.button_path("lift", require_POST(self.lift), "privacy.change_privacyrequest"),
            *super().get_urls(),
        ]

    def privacy(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        preview = preview_erasure(customer.as_queryset())
        own = {"store": customer.store_id, "customer": customer}
        context = {
            **self.admin_site.each_context(request),
            "title": "Privacy",
            "opts": self.opts,
            "original": customer,
            "back": self.page_of(customer),
            "requests": PrivacyRequest.objects.filter(**own).order_by("-id"),
            "exports": DataExport.objects.filter(**own).order_by("-id")[:10],
            "rows": preview.counts,
            "refusals": [error_message(refusal) for refusal in preview.refusals],
            "returned": was_erased(customer.store, customer.email_key, customer.phone_e164),
        }
        return TemplateResponse(request, "admin/customers/customer/privacy.html", context)

    def request_form(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            row = open_request(customer.as_queryset(), self.actor(request), **data_of(data))
            return f"The request is recorded. It is due on {date_format(row.due_on)}."

        return self.form_response(
            request,
            customer,
            RequestForm(request.POST or None),
            change,
            title="Record a request",
            button="Record",
            finish=self.to_privacy,
        )

    def export_data(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            with_contacts = data["with_contacts"]
            request_export(customer.as_queryset(), self.actor(request), with_contacts=with_contacts)
            return "The worker makes the file. It can be downloaded once, within seven days."

        return self.form_response(
            request,
            customer,
            ExportForm(request.POST or None),
            change,
            title="Export all data of the customer",
            button="Make the file",
            finish=self.to_privacy,
        )

    def erase(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        erased: dict[str, int] = {}

        def change(data: dict[str, Any]) -> str:
            erased["pk"] = erase_customer(customer.as_queryset(), self.actor(request)).pk
            return "The customer is erased."

        def finish(request: HttpRequest, customer: Any, text: str) -> HttpResponseBase:
            self.message_user(request, text)  # no log: it would name the customer again
            url = reverse("admin:privacy_erasure_certificate", args=[erased["pk"]])
            return HttpResponseRedirect(url)

        return self.form_response(
            request,
            customer,
            EraseForm(request.POST or None),
            change,
            title="Erase the customer",
            button="Erase for good",
            hint="Everything personal goes. Money, orders and their numbers stay.",
            finish=finish,
        )

    def lift(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change() -> None:
            lift(customer.as_queryset(), self.actor(request), request.POST.get("kind", ""))

        return self.button_response(request, customer, "It is no longer in force.", change)

    def to_privacy(self, request: HttpRequest, customer: Any, text: str) -> HttpResponseBase:
        self.message_user(request, text)
        return HttpResponseRedirect(reverse("admin:customers_customer_privacy", args=[customer.pk]))


def data_of(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("kind", "received_on", "note")}
