"""The customer page's forms. They check and read; `saving` hands what changed to the services."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import pycountry
from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.admin import timeline
from customers.models import Address, Contact, Customer, DeliveryZone, Depot, Tag
from customers.terms import PAYMENT_TERMS
from stores.admin.autocomplete import StoreSelectMultiple
from stores.admin.forms import ServiceForm, TableFormSet
from stores.admin.generic import AnyInlineFormSet
from stores.admin.submissions import SubmissionTokenForm

TERMS = RegexValidator(
    re.compile(rf"^{PAYMENT_TERMS.pattern}"),
    "Write net_ and the days, such as net_30; or due_on_receipt, cod or prepaid.",
)
FIRST_CHANGES = 12
IDENTITY = ("first_name", "last_name", "company", "email", "phone")


class CustomerForm(SubmissionTokenForm, ServiceForm):
    """The customer's own fields, and the version that the person at the screen has seen."""

    names = {"name": "first_name", "tags": "tag_list", "default_depot_id": "default_depot"}
    offered_tags: Any = None  # those of the stores of whoever fills in the form

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tag_list = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label="Tags",
        required=False,
        widget=StoreSelectMultiple(Customer._meta.get_field("tags"), admin.site),
        help_text="Words that sort customers. New ones are made under Tags.",
    )

    class Meta:
        model = Customer
        fields = "__all__"
        help_texts = {
            "first_name": "The given name, or all of a name that has one part only.",
            "company": "The firm they buy for.",
            "email": "Only one customer of a store can have it.",
            "phone": "Written as you like: it is found in any spelling.",
            "cc_email": "A second address, which gets a copy of every e-mail.",
            "tax_id": "The number on invoices, such as an ABN or a VAT number.",
            "external_id": "The customer's id in another system, such as the ERP.",
            "notes": "For colleagues. Connected systems may read it, too.",
            "marketing_opt_in": "They agreed to get news and offers.",
            "customer_since": "When they became a customer; today, for a new one.",
            "is_active": "Clear it to suspend the customer.",
            "is_blacklisted": "They may not order. Say why below.",
            "blacklist_reason": "Shown to everybody who opens this customer.",
            "payment_terms": "When an order is due: net_30 is 30 days after it; or due_on_receipt, "
            "cod (cash on delivery) or prepaid.",
            "currency": "Three letters, such as AUD.",
            "discount_rate": "Percent off what they order, 0 to 100.",
            "price_adjustment": "Percent on top of list prices, or off them with a minus: -100 to 1000.",
            "minimum_charge_amount": "The least a job costs them.",
            "minimum_freight_amount": "The least freight costs them.",
            "default_depot": "Where their goods are sent from.",
            "preferred_shipping": "A carrier or a way to send, such as Courier.",
            "is_account_enabled": "May order now and pay later, up to the credit limit.",
            "credit_limit": "The most they may owe. Empty: no limit.",
            "is_loyalty_enabled": "Collects points.",
            "is_beta": "Gets new functions of the ordering system before others.",
            "is_assembly_enabled": "May order goods put together (for makers of cabinets).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope_choices()
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version
            self.initial["tag_list"] = list(self.instance.tags.order_by("customer_tags__id"))
        elif "currency" in self.fields:
            self.fields["currency"].required = False  # without: the store's
        if "payment_terms" in self.fields:
            self.fields["payment_terms"].validators.append(TERMS)

    def scope_choices(self) -> None:
        """Tags and depots of the customer's store; before it has one, of the user's stores."""
        store, tags = self.instance.store_id, self.offered_tags.all()
        self.fields["tag_list"].queryset = tags.filter(store=store) if store else tags
        self.fields["tag_list"].widget.stores = [store] if store else []
        if store and "default_depot" in self.fields:
            self.fields["default_depot"].queryset = Depot.objects.filter(store=store)

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].upper()
        if code and pycountry.currencies.get(alpha_3=code) is None:
            raise forms.ValidationError("This is no ISO 4217 currency code.")
        store = self.cleaned_data.get("store")
        return code or (store.currency if store else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_identity(data)
        self.check_version(data)
        self.check_same_store(data)
        return data

    def check_identity(self, data: dict[str, Any]) -> None:
        """Refuse a customer whom colleagues could neither name nor reach."""
        is_read = self.errors.keys().isdisjoint(IDENTITY)
        if is_read and not any(data.get(name) for name in IDENTITY):
            self.add_error(None, "Enter a name, a company, an e-mail or a phone.")

    def check_version(self, data: dict[str, Any]) -> None:
        """Tells the second of two editors what the first one changed; nothing is saved.

        Orders and bookings that came in meanwhile change nothing that stands on the page.
        """
        seen, now = data.get("seen_version"), self.instance.version
        if not self.instance.pk or seen == now:
            return
        if seen and not timeline.edited_since(self.instance, seen):
            data["seen_version"] = now
            return
        self.add_error(None, [STALE, *map(change_text, changes_since(self.instance, seen or 0))])

    def check_same_store(self, data: dict[str, Any]) -> None:
        store = self.instance.store_id or getattr(data.get("store"), "pk", None)
        if any(tag.store_id != store for tag in data.get("tag_list") or ()):
            self.add_error("tag_list", "Choose tags of the customer's own store.")
        depot = data.get("default_depot")
        if depot is not None and depot.store_id != store:
            self.add_error("default_depot", "Choose a depot of the customer's own store.")

    def _get_validation_exclusions(self) -> set[str]:
        # unique keys and ranges are the services' business, which knows the canonical forms
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"store", "email"}


STALE = (
    "Somebody else changed this customer while you had it open, so nothing of yours was saved. "
    "Open the page anew and make your changes there. Meanwhile:"
)


def changes_since(customer: Customer, version: int) -> list[tuple[timeline.Entry, str]]:
    found = [
        (entry, f"{change.name}: {change.old} → {change.new}" if change else "")
        for entry in timeline.since(customer, version, FIRST_CHANGES)
        for change in entry.changes or [None]
    ]
    return found[:FIRST_CHANGES]


def change_text(item: tuple[timeline.Entry, str]) -> str:
    entry, change = item
    at = date_format(localtime(entry.at), "TIME_FORMAT")
    return f"{at} {entry.who}: {change or entry.title}"


class AddressForm(ServiceForm):
    """One address; state and country are taken by name or by code."""

    state = forms.CharField(max_length=100, required=False, help_text="Name or code, such as NSW.")
    country = forms.CharField(
        max_length=100,
        required=False,
        help_text="Name or code, such as AU. Empty: it is looked for in the store's.",
    )

    class Meta:
        model = Address
        fields = "__all__"
        help_texts = {
            "label": "What the customer calls it, such as Shop or Home.",
            "line1": "Number and street.",
            "delivery_zone": "Which round it is on. New ones are made under Delivery zones.",
            "external_id": "Its id in another system.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["state"] = self.instance.state_code or self.instance.state
            self.initial["country"] = self.instance.country


class ContactForm(ServiceForm):
    class Meta:
        model = Contact
        fields = "__all__"


class AtMostOneFormSet(AnyInlineFormSet):
    """Rows of which at most one carries the mark."""

    mark: str
    error_text: str

    def present_forms(self) -> list[forms.ModelForm[Any]]:
        """The forms of the rows that stay, in their order; empty extra ones left out."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]

    def clean(self) -> None:
        super().clean()
        marked = [form for form in self.present_forms() if form.cleaned_data.get(self.mark)]
        if len(marked) > 1:
            raise forms.ValidationError(self.error_text)


class DeliveryAddressFormSet(AtMostOneFormSet):
    mark, error_text = "is_default", "Only one address can be the default: clear the other mark."

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        """Zones of the customer's store, looked up once for all rows."""
        super().add_fields(form, index)
        field = form.fields.get("delivery_zone")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.zones
            field.choices = self.zone_choices

    @cached_property
    def zones(self) -> QuerySet[DeliveryZone]:
        store = self.instance.store_id
        return DeliveryZone.objects.filter(store=store) if store else DeliveryZone.objects.none()

    @cached_property
    def zone_choices(self) -> list[tuple[Any, str]]:
        return [("", "–"), *((zone.pk, zone.name) for zone in self.zones)]


class BillingAddressFormSet(AtMostOneFormSet):
    mark, error_text = "role", ""

    def clean(self) -> None:
        """There is one at most, by the inline's `max_num`."""


class ContactFormSet(TableFormSet, AtMostOneFormSet):
    mark, error_text = "is_primary", "Only one contact can be the primary: clear the other mark."
