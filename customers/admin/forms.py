"""The forms of the customer page. They check values; `saving` passes the changes to the services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.admin import timeline
from customers.admin.conflicts import EditConflict
from customers.admin.looks_like import check_likenesses
from customers.admin.resembling import Resembling
from customers.admin.typed_contacts import TypedContactsForm
from customers.models import Address, Contact, Customer, DeliveryZone, Depot, Tag
from customers.terms import PAYMENT_TERMS
from stores.admin.autocomplete import StoreSelectMultiple
from stores.admin.error_messages import ERROR_MESSAGES
from stores.admin.forms import StoreFormSet, TableFormSet
from stores.admin.name_field import NameField
from stores.admin.submissions import SubmissionTokenForm
from stores.currencies import parse_currency

TERMS = RegexValidator(
    re.compile(rf"^{PAYMENT_TERMS.pattern}"),
    "Enter net_ and a number of days, such as net_30, or due_on_receipt, cod or prepaid.",
)
IDENTITY = ("first_name", "last_name", "company", "email", "phone")


NAMES = ("first_name", "last_name", "company")


def tags_of(customer: Customer) -> QuerySet[Tag]:
    """Return the tags in the order in which they were added."""
    return customer.tags.filter(store=customer.store_id).order_by("customer_tags__id")


class CustomerForm(SubmissionTokenForm, TypedContactsForm):
    """The columns of a customer, and the version that the user has seen."""

    phones, emails = ("mobile", "fax"), ("cc_email",)  # the services read the others
    names = {"name": "first_name", "tags": "tag_list", "default_depot_id": "default_depot"}
    section_fields: frozenset[str] = frozenset()  # the names of the fields on the page
    offered_tags: Any = None  # the tags of the user's stores
    conflict: EditConflict | None = None  # with changes that others made meanwhile
    resembling: Sequence[Resembling] = ()  # who of the book looks like a new customer

    seen_likenesses = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tag_list = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label="Tags",
        required=False,
        widget=StoreSelectMultiple(Customer._meta.get_field("tags"), admin.site),
        help_text="Words to group customers by. Create new ones under Tags.",
    )

    class Meta:
        model = Customer
        fields = "__all__"
        field_classes = dict.fromkeys(NAMES, NameField)
        help_texts = {
            "first_name": "The given name, or the whole name if it has only one part.",
            "company": "The company they buy for.",
            "email": "Each e-mail address can belong to one customer of a store only.",
            "phone": "In any spelling: a search finds it with or without spaces and country code.",
            "cc_email": "A second address that gets a copy of every e-mail.",
            "tax_id": "The number on invoices, such as an ABN or a VAT number.",
            "external_id": "The customer's id in another system, such as the ERP.",
            "notes": "For colleagues. Connected systems can read them too.",
            "marketing_opt_in": "The customer agreed to get news and offers.",
            "customer_since": "When they became a customer. Leave empty for today.",
            "is_active": "Clear it to suspend the customer: all systems see it, and nothing can be charged "
            "to the account.",
            "is_blacklisted": "A barred customer cannot order. Give the reason below.",
            "blacklist_reason": "Shown to everybody who opens this customer.",
            "hold_reason": "Nothing more is bought on account meanwhile. Empty for no hold.",
            "payment_terms": "When an order is due: net_30 means 30 days after it. Also possible: "
            "due_on_receipt, cod (cash on delivery), prepaid.",
            "currency": "Three letters, such as AUD.",
            "discount_rate": "Percent, 0 to 100. Other systems read it for their prices; "
            "orders placed here are not reduced by it.",
            "price_adjustment": "Percent added to list prices, -100 to 1000; a minus sign lowers them. "
            "Other systems read it for their prices.",
            "minimum_charge_amount": "The lowest charge for a job.",
            "minimum_freight_amount": "The lowest charge for freight.",
            "default_depot": "The depot that sends their goods.",
            "preferred_shipping": "A carrier or a kind of delivery, such as Courier.",
            "is_account_enabled": "The customer can order now and pay later, up to the credit limit.",
            "credit_limit": "The most they may owe. Leave empty for no limit.",
            "is_loyalty_enabled": "The customer collects points.",
            "is_beta": "The customer gets new functions of the ordering system early.",
            "is_assembly_enabled": "The customer can order assembled goods (for cabinet makers).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tag_list" in self.section_fields:
            self.scope_tags()
        else:
            del self.fields["tag_list"]  # absent, it would take all tags off
        store = self.instance.store_id
        if store and "default_depot" in self.fields:
            self.fields["default_depot"].queryset = Depot.objects.filter(store=store)
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version
        elif "currency" in self.fields:
            self.fields["currency"].required = False  # empty means the store's
        if "payment_terms" in self.fields:
            self.fields["payment_terms"].validators.append(TERMS)

    def scope_tags(self) -> None:
        """Offer tags of the customer's store; for a new customer, of the user's stores."""
        store, tags = self.instance.store_id, self.offered_tags.all()
        self.fields["tag_list"].queryset = tags.filter(store=store) if store else tags
        self.fields["tag_list"].widget.stores = [store] if store else []
        if self.instance.pk:
            self.initial["tag_list"] = list(tags_of(self.instance))

    def clean_currency(self) -> str:
        text, store = self.cleaned_data["currency"], self.cleaned_data.get("store")
        try:
            return parse_currency(text) if text else (store.currency if store else "")
        except ValueError:
            raise forms.ValidationError(ERROR_MESSAGES["currency"]) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_identity(data)
        self.check_version()
        self.check_same_store(data)
        if not self.instance.pk:
            self.resembling = check_likenesses(self, data)
        return data

    def check_identity(self, data: dict[str, Any]) -> None:
        """Refuse a customer whom colleagues could neither name nor reach."""
        is_read = self.errors.keys().isdisjoint(IDENTITY)
        is_asked = self.section_fields.issuperset(IDENTITY)
        if is_read and is_asked and not any(data.get(name) for name in IDENTITY):
            self.add_error(None, "Enter a name, a company, an e-mail or a phone.")

    def check_version(self) -> None:
        """Refuse to overwrite what somebody else changed meanwhile, and list those changes."""
        if self.conflict is not None:
            self.add_error(None, [STALE, *map(change_text, self.conflict.changes)])

    def check_same_store(self, data: dict[str, Any]) -> None:
        store = self.instance.store_id or getattr(data.get("store"), "pk", None)
        if any(tag.store_id != store for tag in data.get("tag_list") or ()):
            self.add_error("tag_list", "Select tags of the customer's store.")
        depot = data.get("default_depot")
        if depot is not None and depot.store_id != store:
            self.add_error("default_depot", "Select a depot of the customer's store.")

    def _get_validation_exclusions(self) -> set[str]:
        # the services check unique keys: they know the canonical forms
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"store", "email"}


STALE = (
    "Somebody else changed this customer while you had it open. Your changes were not saved. "
    "Look at them below, and save again. The other changes:"
)


def change_text(item: tuple[timeline.Entry, str]) -> str:
    entry, change = item
    at = date_format(localtime(entry.at), "TIME_FORMAT")
    return f"{at} {entry.who}: {change}"


class AddressForm(TypedContactsForm):
    """One address; accepts state and country by name or code."""

    phones = ("phone",)
    state = forms.CharField(max_length=100, required=False, help_text="Name or code, such as NSW.")
    country = forms.CharField(
        max_length=100,
        required=False,
        help_text="Name or code, such as AU. Leave empty for the store's country.",
    )

    class Meta:
        model = Address
        fields = "__all__"
        field_classes = dict.fromkeys((*NAMES, "label"), NameField)
        help_texts = {
            "label": "The customer's name for it, such as Shop or Home.",
            "line1": "Number and street.",
            "delivery_zone": "The delivery round. Create new ones under Delivery zones.",
            "external_id": "The address's id in another system.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["state"] = self.instance.state_code or self.instance.state
            self.initial["country"] = self.instance.country


class ContactForm(TypedContactsForm):
    phones, emails = ("phone",), ("email",)

    class Meta:
        model = Contact
        fields = "__all__"
        field_classes = dict.fromkeys(("name", "title"), NameField)


class AtMostOneFormSet(StoreFormSet):
    """Rows of which at most one can have the checkbox `mark` ticked."""

    mark: str
    error_text: str

    def present_forms(self) -> list[forms.ModelForm[Any]]:
        """Return the forms of the rows to keep, in order, without empty extra ones."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]

    def clean(self) -> None:
        super().clean()
        ticked = [form for form in self.present_forms() if form.cleaned_data.get(self.mark)]
        if len(ticked) > 1:
            raise forms.ValidationError(self.error_text)


class DeliveryAddressFormSet(AtMostOneFormSet):
    mark, error_text = (
        "is_default",
        "Only one address can be the default. Clear the other checkbox.",
    )

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        """Offer the zones of the customer's store, which are read once for all rows."""
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
        """Skip the check: the inline's `max_num` allows one row only."""


class ContactFormSet(TableFormSet, AtMostOneFormSet):
    mark, error_text = (
        "is_primary",
        "Only one contact can be the primary one. Clear the other checkbox.",
    )
