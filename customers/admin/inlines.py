"""Addresses and contacts on the customer page. `saving` saves them with the rest of the page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from customers.admin import forms
from customers.models import Address, Contact
from customers.models.address import Role
from stores.admin.base import ScopedFields
from stores.admin.generic import AnyStackedInline

PLACE = [("line1", "line2"), ("city", "state"), ("postcode", "country")]
RECIPIENT = ("first_name", "last_name")


class AddressInline(ScopedFields, AnyStackedInline):
    model = Address
    form = forms.AddressForm
    extra = 0
    role: str
    readonly_fields = ["geocoding"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        addresses = super().get_queryset(request).filter(role=self.role)
        return addresses.order_by("position", "id").select_related("delivery_zone")

    @admin.display(description="Coordinates")
    def geocoding(self, address: Address) -> str:
        if address.geocode_status == "failed":
            return "The geocoder does not know this address."
        if address.latitude is None:
            return "None yet. “Find coordinates” above looks them up."
        return f"{address.latitude:f}, {address.longitude:f}"


class DeliveryInline(AddressInline):
    role = Role.DELIVERY
    formset = forms.DeliveryAddressFormSet
    verbose_name, verbose_name_plural = "delivery address", "delivery addresses"
    fieldsets = [
        (None, {"fields": [("label", "is_default"), *PLACE, "geocoding"]}),
        (
            "Recipient and delivery",
            {
                "classes": ["collapse"],
                "fields": [RECIPIENT, ("company", "phone"), ("delivery_zone", "external_id")],
            },
        ),
    ]


class BillingInline(AddressInline):
    role = Role.BILLING
    formset = forms.BillingAddressFormSet
    max_num = 1
    verbose_name = verbose_name_plural = "billing address"
    fieldsets = [
        (None, {"fields": PLACE}),
        (
            "Recipient",
            {"classes": ["collapse"], "fields": [RECIPIENT, ("company", "phone")]},
        ),
    ]


class ContactInline(ScopedFields, AnyStackedInline):
    model = Contact
    form = forms.ContactForm
    formset = forms.ContactFormSet
    extra = 0
    fields = [("name", "title"), ("email", "phone"), "is_primary"]
