from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from orders.models import Order, OrderLine
from stores.admin.forms import ServiceForm, TableFormSet
from stores.admin.submissions import SubmissionTokenForm


class OrderForm(SubmissionTokenForm, ServiceForm):
    names = {"discount": "discount_amount"}

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
            "tax_amount": "Added to the total.",
            "discount_amount": "Subtracted from the total.",
            "is_on_account": "The customer pays later, within the credit limit.",
            "external_id": "The order's id in another system.",
            "merchant_note": "For colleagues.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("shipping_amount", "tax_amount", "discount_amount"):
            if name in self.fields:
                self.fields[name].required = False


class LineForm(ServiceForm):
    product_id = forms.CharField(
        max_length=255, required=False, help_text="Leave empty to use the product name."
    )

    class Meta:
        model = OrderLine
        fields = "__all__"


class Lines(TableFormSet):
    def items(self) -> list[dict[str, Any]]:
        """Return the lines as services take them."""
        return [item(form.cleaned_data) for form in self.filled()]

    def filled(self) -> list[forms.ModelForm[Any]]:
        return [f for f in self.forms if f not in self.deleted_forms and f.has_changed()]

    def clean(self) -> None:
        super().clean()
        if not self.instance.pk and not self.filled():
            raise forms.ValidationError("Enter at least one line.")


def item(data: dict[str, Any]) -> dict[str, Any]:
    names = ("product_name", "quantity", "unit_price")
    return {name: data[name] for name in names} | {
        "product_id": data["product_id"] or data["product_name"][:255]
    }


class PaymentForm(forms.Form):
    amount = forms.DecimalField(min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
    method = forms.CharField(
        max_length=50,
        required=False,
        help_text="Such as cash, card or bank. “on account” charges the house account instead.",
    )
    paid_on = forms.DateField(
        required=False, label="Day", help_text="The day of the bank. Leave empty for today."
    )


class RefundForm(forms.Form):
    amount = forms.DecimalField(min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
    reason = forms.CharField(max_length=500)
