"""The page of a customer's consent to marketing: its history, what counted on a day, and a new entry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone

from customers.admin.buttons import require_live
from customers.models import ConsentChange, Customer
from customers.models.consent import Channel, ConsentState
from customers.services.consent import ConsentFields, record_consent
from customers.services.consent_history import consent_on
from stores.admin.base import ScopedAdmin
from stores.models.base import validate_moment


class DayForm(forms.Form):
    day = forms.DateField(label="On that day", widget=forms.DateInput({"type": "date"}))


class ConsentForm(forms.Form):
    channel = forms.ChoiceField(choices=Channel.choices)
    state = forms.ChoiceField(choices=ConsentState.choices, label="What the customer said")
    valid_from = forms.DateTimeField(
        required=False,
        label="When",
        validators=[validate_moment],
        help_text="Empty: now.",
    )
    source = forms.CharField(max_length=50, initial="form", help_text="For example form or phone.")
    wording = forms.CharField(
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What the customer was told, word for word.",
    )
    wording_version = forms.CharField(max_length=50, required=False)
    note = forms.CharField(
        max_length=500,
        required=False,
        label="Proof",
        help_text="For example where the form is kept.",
    )


class ConsentPages(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("consent", self.consent, "customers.view_consentchange"),
            self.button_path("add-consent", self.add_consent, "customers.change_customer"),
            *super().get_urls(),
        ]

    def consent(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        """Show the history. The day is in the query, so that the answer can be linked to."""
        form = DayForm(request.GET if "day" in request.GET else None)
        day = form.cleaned_data["day"] if form.is_valid() else None
        rows = ConsentChange.objects.filter(store=customer.store_id, customer=customer)
        context = {
            **self.admin_site.each_context(request),
            "title": "Consent to marketing",
            "opts": self.opts,
            "original": customer,
            "form": form,
            "day": day,
            "answers": answers_of(customer, day) if day else [],
            "consents": rows.order_by("-valid_from", "-id"),
            "may_add": customer.deleted_at is None
            and self.has_change_permission(request, customer),
            "back": self.page_of(customer),
        }
        return TemplateResponse(request, "admin/customers/customer/consent.html", context)

    def add_consent(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        require_live(customer)

        def change(data: dict[str, Any]) -> str:
            record_consent(customer.as_queryset(), self.actor(request), fields_of(data))
            return "The consent is recorded."

        return self.form_response(
            request,
            customer,
            ConsentForm(request.POST or None),
            change,
            title="Record a consent",
            button="Record",
            hint="It stays in the history with your name and cannot be changed.",
        )


def fields_of(data: dict[str, Any]) -> ConsentFields:
    evidence = {"note": data["note"]} if data["note"] else {}
    return ConsentFields(
        channel=data["channel"],
        state=data["state"],
        # Not when the form was opened: somebody else may have recorded another answer since.
        valid_from=data["valid_from"] or timezone.now(),
        source=data["source"],
        wording=data["wording"],
        wording_version=data["wording_version"],
        evidence=evidence,
    )


def answers_of(customer: Customer, day: date) -> list[tuple[str, ConsentChange | None]]:
    """Return for each channel its label and what counted on that day."""
    return [(str(label), consent_on(customer, day, value)) for value, label in Channel.choices]
