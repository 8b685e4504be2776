from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst

from customers.models import Address, Customer
from customers.models.address import Role
from customers.money import RATE_DIGITS
from orders.models import Order, OrderLine
from orders.models.order import ON_ACCOUNT
from orders.services.lines import MAX_UNITS, UNIT_DIGITS
from orders.services.payment_methods import method_names
from stores.admin.forms import ServiceForm, TableFormSet
from stores.admin.number_fields import NumberField
from stores.admin.query import whole_number
from stores.admin.submissions import SubmissionTokenForm
from stores.models import Store

DEFAULT_ADDRESS = ("", "The default address")


class OrderForm(SubmissionTokenForm, ServiceForm):
    names = {"discount": "discount_amount", "shipping_address": "deliver_to"}
    is_trial = False  # only to be added up

    deliver_to = forms.ChoiceField(
        required=False, help_text="Of the customer's addresses, which stand here once it is chosen."
    )
    tax_rate = NumberField(
        digits=RATE_DIGITS,
        required=False,
        min_value=0,
        max_value=100,
        label="Tax in percent",
        help_text="Of the goods less discount, and of the shipping.",
    )
    override = forms.CharField(
        max_length=500,
        required=False,
        label="Hold overridden because",
        help_text="Only for an order on account of a customer who is on hold.",
    )

    class Meta:
        model = Order
        fields = "__all__"
        labels = {"is_on_account": "On account"}
        help_texts = {
            "shipping_amount": "Added to the total.",
            "tax_amount": "Instead of a rate: the amount.",
            "discount_amount": "Off the goods. Empty for the customer's own discount, 0 for none.",
            "is_on_account": "The customer pays later, within the credit limit.",
            "external_id": "The order's id in another system.",
            "merchant_note": "For colleagues.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("shipping_amount", "tax_amount", "discount_amount"):
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].help_text = self.Meta.help_texts[name]
                self.initial[name] = None  # empty is the customer's discount, or no tax
        if "deliver_to" in self.fields:
            self.fields["deliver_to"].choices = [DEFAULT_ADDRESS, *addresses(self.chosen_customer)]
        if self.is_bound and not self.instance.pk and self.chosen_customer:
            # The lines read numbers as this customer's store writes them, also when the form has errors.
            self.instance.customer = self.chosen_customer

    def store_of_numbers(self) -> Store | None:
        owner: Order | Customer | None = self.instance if self.instance.pk else self.chosen_customer
        return owner.store if owner else None

    @cached_property
    def chosen_customer(self) -> Customer | None:
        """Return the customer of a new order, if it is one of the person's stores."""
        chosen = self.data.get("customer") or self.initial.get("customer") or ""
        pk = whole_number(str(getattr(chosen, "pk", chosen)))
        if pk is None or "customer" not in self.fields:
            return None
        of_stores: QuerySet[Customer] = self.fields["customer"].queryset
        return of_stores.filter(pk=pk).select_related("store").first()

    def is_valid(self) -> bool:
        """Return False, too, when the order is only to be added up: then nothing is saved."""
        return super().is_valid() and not self.is_trial

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("tax_rate") is not None and data.get("tax_amount") is not None:
            self.add_error("tax_amount", "Enter a rate or an amount, not both.")
        return data


class LineForm(ServiceForm):
    quantity = NumberField(digits=UNIT_DIGITS, max_value=MAX_UNITS)
    product_id = forms.CharField(
        max_length=255, required=False, help_text="Leave empty to use the product name."
    )

    class Meta:
        model = OrderLine
        fields = "__all__"
        help_texts = {"discount_amount": "Off this line."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "discount_amount" in self.fields:
            self.fields["discount_amount"].required = False


class Lines(TableFormSet):
    @cached_property
    def store_of_numbers(self) -> Store | None:
        """Return the store of the order, or of the customer that was chosen for a new one."""
        order: Order = self.instance
        if order.pk:
            return order.store
        return order.customer.store if order.customer_id else None

    def items(self) -> list[dict[str, Any]]:
        """Return the lines as services take them."""
        return [item(form.cleaned_data) for form in self.filled()]

    def filled(self) -> list[forms.ModelForm[Any]]:
        return [f for f in self.forms if f not in self.deleted_forms and f.has_changed()]

    def clean(self) -> None:
        super().clean()
        if not self.instance.pk and not self.filled():
            raise forms.ValidationError("Enter at least one line.")


def addresses(customer: Customer | None) -> list[tuple[str, str]]:
    """Return the delivery addresses of a customer as choices."""
    if customer is None:
        return []
    rows = Address.objects.filter(store=customer.store_id, customer=customer, role=Role.DELIVERY)
    return [(str(row.uid), str(row)) for row in rows.order_by("position", "id")]


def item(data: dict[str, Any]) -> dict[str, Any]:
    names = ("product_name", "quantity", "unit_price", "discount_amount")
    return {name: data[name] for name in names} | {
        "product_id": data["product_id"] or data["product_name"][:255]
    }


class PaymentForm(forms.Form):
    amount = NumberField()
    method = forms.ChoiceField(
        required=False, help_text="“On account” charges the house account instead."
    )
    paid_on = forms.DateField(
        required=False, label="Day", help_text="The day of the bank. Leave empty for today."
    )

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [*method_choices(store), (ON_ACCOUNT, "On account")]


def method_choices(store: Store) -> list[tuple[str, str]]:
    """Return the methods of payment of a store as choices, after an empty one."""
    return [("", "Not said"), *((name, capfirst(name)) for name in method_names(store))]


class RefundForm(forms.Form):
    amount = NumberField()
    method = forms.ChoiceField(required=False, help_text="How the money goes back.")
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = method_choices(store)

    def refund(self) -> tuple[Decimal, str, str]:
        """Return the arguments of `refund_order`."""
        data = self.cleaned_data
        return data["amount"], data["reason"], data["method"]
