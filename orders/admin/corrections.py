"""Buttons of an order that correct it: credit notes, and payments that are taken back."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.timezone import localtime

from orders.admin.amounts import order_amount
from orders.admin.forms import method_choices
from orders.models import Order, OrderLine, Payment
from orders.models.order import Status
from orders.models.payment import PaymentKind, VoidCause
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.lines import UNIT_DIGITS
from orders.services.voiding import Void, void_payment
from stores.admin.base import ScopedAdmin
from stores.admin.number_fields import NumberField


class VoidFields(forms.Form):
    """Why a payment is taken back, and when."""

    cause = forms.ChoiceField(choices=VoidCause.choices)
    reason = forms.CharField(max_length=500, help_text="Such as the number of the cheque.")
    day = forms.DateField(required=False, help_text="The day of the bank. Empty for today.")

    def void(self) -> Void:
        data = self.cleaned_data
        return Void(data["cause"], data["reason"], data["day"])


class VoidPaymentForm(VoidFields):
    payment = forms.ChoiceField()
    field_order = ["payment"]

    def __init__(self, order: Order, *args: Any) -> None:
        super().__init__(*args)
        self.fields["payment"].choices = [
            (
                payment.uid,
                f"{order_amount(order, payment.amount)} {payment.method}, "
                + date_format(localtime(payment.created_at, order.store.tzinfo)),
            )
            for payment in valid_payments(order)
        ]


class CreditForm(forms.Form):
    """The amount to credit, or quantities of lines; without either the whole order is credited."""

    amount = NumberField(
        required=False,
        min_value=0,
        help_text="Empty for the lines below, or for all that is left of the order.",
    )
    keeps_credit = forms.BooleanField(
        required=False,
        label="Keep as credit",
        help_text="What was paid stays on the account and pays what is due next, instead of going back.",
    )
    method = forms.ChoiceField(
        required=False, label="Given back by", help_text="What was paid, unless it stays as credit."
    )
    reason = forms.CharField(max_length=500)

    def __init__(self, order: Order, *args: Any) -> None:
        super().__init__(*args)
        self.fields["method"].choices = method_choices(order.store)
        self.lines = {f"line_{line.pk}": line for line in lines_of(order)}
        for name, line in self.lines.items():
            left = line.quantity - line.credited_quantity
            self.fields[name] = NumberField(
                digits=UNIT_DIGITS,
                label=line.product_name,
                help_text=f"How many of {left.normalize():f} are credited.",
                required=False,
                min_value=0,
                max_value=left,
            )

    def chosen(self, data: dict[str, Any]) -> dict[uuid.UUID, Decimal]:
        """Return the quantities by the uid of the line."""
        return {line.uid: data[name] for name, line in self.lines.items() if data.get(name)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("amount") and self.chosen(data):
            self.add_error("amount", "Enter an amount or quantities of lines, not both.")
        return data

    def note(self) -> NewCreditNote:
        data, chosen = self.cleaned_data, self.chosen(self.cleaned_data)
        return NewCreditNote(
            data["amount"], chosen, data["reason"], data["keeps_credit"], data["method"]
        )


def valid_payments(order: Order) -> list[Payment]:
    """Return the payments of an order that were not taken back."""
    payments = Payment.objects.filter(store=order.store_id, order=order)
    voided = payments.filter(voids_uid__isnull=False).values("voids_uid")
    return list(payments.filter(kind=PaymentKind.PAYMENT).exclude(uid__in=voided).order_by("id"))


def lines_of(order: Order) -> list[OrderLine]:
    lines = OrderLine.objects.filter(store=order.store_id, order=order).order_by("position", "id")
    return [line for line in lines if line.credited_quantity < line.quantity]


class OrderCorrections(ScopedAdmin):
    """Mixed into the admin of orders."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("credit", self.credit, "orders.change_payment"),
            self.button_path("void", self.void, "orders.change_payment"),
            *super().get_urls(),
        ]

    def corrections(self, request: HttpRequest, order: Order) -> dict[str, bool]:
        """Return which of the buttons the page of an order has."""
        may = request.user.has_perm("orders.change_payment")
        is_creditable = order.status != Status.CANCELLED and order.net_amount > 0
        return {
            "may_credit": may and is_creditable,
            "may_void": may and order.refundable_amount > 0,
        }

    def credit(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        form = CreditForm(order, request.POST or None)

        def change(data: dict[str, Any]) -> str:
            credit_order(order.as_queryset(), self.actor(request), form.note())
            return "The credit note is recorded."

        title, left = "Credit note", order_amount(order, order.net_amount)
        hint = f"Left of the order: {left}. What is owed falls first."
        return self.form_response(
            request, order, form, change, title=title, button="Credit", hint=hint
        )

    def void(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        form = VoidPaymentForm(order, request.POST or None)

        def change(data: dict[str, Any]) -> str:
            target, payment = order.as_queryset(), uuid.UUID(data["payment"])
            void_payment(target, self.actor(request), payment, form.void())
            return "The payment is taken back. The order is open again."

        title = "Take a payment back"
        hint = "The order is open again, with its old due day. Nothing is deleted."
        return self.form_response(
            request, order, form, change, title=title, button=title, hint=hint
        )
