"""The page of a customer's privacy: requests, exports, erasure, and what is in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.models import Customer
from customers.privacy.models import DataExport, PrivacyRequest
from customers.privacy.models.request import RequestKind
from customers.privacy.services.data_exports import request_export
from customers.privacy.services.erasing import erase_customer, preview_erasure
from customers.privacy.services.marks import was_erased
from customers.privacy.services.requests import lift, open_request
from customers.services.consent_history import latest_consent
from stores.admin.base import ScopedAdmin
from stores.admin.error_messages import error_message
from stores.admin.forms import FinalForm

CONFIRMATION = "erase"


class RequestForm(forms.Form):
    kind = forms.ChoiceField(choices=RequestKind.choices, label="Asked for")
    received_on = forms.DateField(label="Received", initial=timezone.localdate)
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea({"rows": 3}))


class ExportForm(forms.Form):
    with_contacts = forms.BooleanField(
        required=False, label="With the firm's contacts", help_text="They are other people."
    )


class EraseForm(FinalForm):
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
            self.button_path("lift", self.lift, "privacy.change_privacyrequest"),
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

        form, title = ExportForm(request.POST or None), "Export all data of the customer"
        words = {"title": title, "button": "Make the file"}
        return self.form_response(request, customer, form, change, finish=self.to_privacy, **words)

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
            hint=consequence_of_erasing(customer),
            finish=finish,
        )

    def lift(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        kind = request.GET.get("kind", "")
        if kind not in in_force(customer):
            raise Http404

        def change(data: dict[str, Any]) -> str:
            lift(customer.as_queryset(), self.actor(request), kind)
            return "It is no longer in force."

        title = f"End the {LIFTED[kind]}"
        return self.form_response(
            request,
            customer,
            forms.Form(request.POST or None),
            change,
            title=title,
            button=title,
            hint=consequence_of_lifting(customer, kind),
            finish=self.to_privacy,
        )

    def to_privacy(self, request: HttpRequest, customer: Any, text: str) -> HttpResponseBase:
        self.message_user(request, text)
        return HttpResponseRedirect(reverse("admin:customers_customer_privacy", args=[customer.pk]))


def consequence_of_erasing(customer: Customer) -> str:
    counts = preview_erasure(customer.as_queryset()).counts
    return (
        f"Everything personal goes: {sum(counts.values())} rows in {len(counts)} kinds of data, which the page "
        "Privacy lists. Customers merged into this one are erased along. Money, orders and their numbers stay."
    )


LIFTED = {RequestKind.RESTRICT.value: "restriction", RequestKind.OBJECT.value: "objection"}


def in_force(customer: Customer) -> set[str]:
    moments = {
        RequestKind.RESTRICT.value: customer.restricted_at,
        RequestKind.OBJECT.value: customer.objected_at,
    }
    return {kind for kind, moment in moments.items() if moment}


def consequence_of_lifting(customer: Customer, kind: str) -> str:
    """Say what is possible again, and whether news go out."""
    first = "Do this only when the customer asks for it."
    if kind == RequestKind.RESTRICT:
        first += " The data can be erased again, also by rules of retention."
    latest = latest_consent(customer)
    if in_force(customer) != {kind}:
        return f"{first} No news go out: the {LIFTED[other(kind)]} stays."
    if latest is None or not latest.granted:
        return f"{first} No news go out before the customer agrees to them."
    day = date_format(localtime(latest.valid_from, customer.store.tzinfo), "DATE_FORMAT")
    return f"{first} News and offers go out again: the customer agreed on {day}."


def other(kind: str) -> str:
    [name] = LIFTED.keys() - {kind}
    return name


def data_of(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("kind", "received_on", "note")}
