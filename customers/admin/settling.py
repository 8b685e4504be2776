"""Buttons of a customer for the house account: record a payment, take one back, write a debt off."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import OF_ORDER, TRANSFERS, Account
from orders.admin.corrections import VoidFields
from orders.admin.forms import method_choices
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.voiding import void_entry
from orders.services.writing_off import write_off
from orders.statements.words import kind_of_entry
from stores.admin.base import ScopedAdmin
from stores.admin.display import store_amount
from stores.admin.number_fields import NumberField

MAX_CHARGES = 30
MAX_ENTRIES = 50


class SpreadForm(forms.Form):
    """An amount, and how much of it goes to which charge: without a choice to what is due first."""

    amount = NumberField(min_value=0)

    def __init__(self, customer: Customer, *args: Any) -> None:
        super().__init__(*args)
        self.charges = {f"charge_{charge.pk}": charge for charge in open_charges(customer)}
        numbers = order_numbers(customer, [charge.uid for charge in self.charges.values()])
        for name, charge in self.charges.items():
            left = store_amount(charge.open_amount, customer.store)
            self.fields[name] = NumberField(
                label=f"Amount for {numbers.get(charge.uid, 'a charge')}",
                help_text=f"{left} is open, due on {date_format(charge.due_on)}.",
                required=False,
                min_value=0,
                max_value=charge.open_amount,
            )

    def spread(self) -> dict[uuid.UUID, Decimal]:
        """Return the chosen amounts by the uid of the charge."""
        data = self.cleaned_data
        return {charge.uid: data[name] for name, charge in self.charges.items() if data[name]}


class SettlementForm(SpreadForm):
    method = forms.ChoiceField(required=False)
    paid_on = forms.DateField(
        required=False, label="Day", help_text="The day of the bank. Empty for today."
    )
    notes = forms.CharField(max_length=500, label="Reference")
    field_order = ["amount", "method", "paid_on", "notes"]

    def __init__(self, customer: Customer, *args: Any) -> None:
        super().__init__(customer, *args)
        self.fields["method"].choices = method_choices(customer.store)


class WriteOffForm(SpreadForm):
    reason = forms.CharField(
        max_length=500,
        help_text="Such as the end of the customer's insolvency. Stays in the ledger with your name.",
    )
    field_order = ["amount", "reason"]


class VoidEntryForm(VoidFields):
    entry = forms.ChoiceField(label="Payment")
    field_order = ["entry"]

    def __init__(self, customer: Customer, *args: Any) -> None:
        super().__init__(*args)
        self.fields["entry"].choices = [
            (
                entry.uid,
                f"{store_amount(-entry.amount, customer.store)} {kind_of_entry(entry)}, {entry.notes}, "
                + date_format(localtime(entry.created_at, customer.store.tzinfo)),
            )
            for entry in settlements(customer)
        ]


def open_charges(customer: Customer) -> list[Charge]:
    charges = Charge.objects.filter(store=customer.store_id, customer=customer, open_amount__gt=0)
    return list(charges.order_by("due_on", "id")[:MAX_CHARGES])


def order_numbers(customer: Customer, uids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    orders = Order.objects.filter(store=customer.store_id, customer=customer, uid__in=uids)
    return dict(orders.values_list("uid", "number"))


def settlements(customer: Customer) -> list[LedgerEntry]:
    """Return the newest payments to the account that can be taken back."""
    entries = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    reversed_uids = entries.filter(reverses_uid__isnull=False).values("reverses_uid")
    payments = entries.filter(account=Account.HOUSE, amount__lt=0)
    payments = payments.exclude(OF_ORDER).exclude(reason__in=TRANSFERS)
    return list(payments.exclude(uid__in=reversed_uids).order_by("-id")[:MAX_ENTRIES])


class SettlingButtons(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("settle", self.settle, "customers.post_entry"),
            self.button_path("void", self.void, "customers.post_entry"),
            self.button_path("write-off", self.write_off, "orders.change_payment"),
            *super().get_urls(),
        ]

    def settle(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        form = SettlementForm(customer, request.POST or None)

        def change(data: dict[str, Any]) -> str:
            entry = post_entry(
                customer.as_queryset(),
                self.actor(request),
                Account.HOUSE,
                -data["amount"],
                notes=data["notes"],
                paid_on=data["paid_on"],
                method=data["method"],
                spread=form.spread(),
            )
            balance = store_amount(entry.balance_after, customer.store)
            return f"The payment is recorded. The balance is now {balance}."

        title, owed = "Record a payment", store_amount(customer.account_balance, customer.store)
        hint = f"Owed on account: {owed}. What is not spread pays the oldest."
        return self.form_response(
            request, customer, form, change, title=title, button=title, hint=hint
        )

    def write_off(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        form = WriteOffForm(customer, request.POST or None)

        def change(data: dict[str, Any]) -> str:
            target, amount, reason = customer.as_queryset(), data["amount"], data["reason"]
            entry = write_off(target, self.actor(request), amount, reason, form.spread())
            balance = store_amount(entry.balance_after, customer.store)
            return f"The amount is written off. The balance is now {balance}."

        title, owed = "Write off", store_amount(customer.account_balance, customer.store)
        hint = (
            f"Owed on account: {owed}. Turnover and payments stay as they are, and the credit score falls. "
            "“Take a payment back” undoes it."
        )
        return self.form_response(
            request, customer, form, change, title=title, button=title, hint=hint
        )

    def void(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        form = VoidEntryForm(customer, request.POST or None)

        def change(data: dict[str, Any]) -> str:
            target, entry = customer.as_queryset(), uuid.UUID(data["entry"])
            void_entry(target, self.actor(request), entry, form.void())
            return "Taken back. What it paid is open again."

        title = "Take a payment back"
        hint = "Payments of an order are taken back on the page of the order."
        return self.form_response(
            request, customer, form, change, title=title, button=title, hint=hint
        )
