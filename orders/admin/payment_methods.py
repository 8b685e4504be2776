from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orders.models import PaymentMethod
from orders.services.payment_methods import create_method, update_method
from stores.admin.deleting import AsksBeforeDeleting
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm


class PaymentMethodForm(ServiceForm):
    class Meta:
        model = PaymentMethod
        fields = "__all__"
        help_texts = {
            "name": "Such as cash or bank transfer. Until a store has its own list, it takes cash, "
            "card, bank transfer and cheque; your first method joins these."
        }


@admin.register(PaymentMethod)
class PaymentMethodAdmin(AsksBeforeDeleting):
    """The ways in which customers pay a store."""

    form = PaymentMethodForm
    list_display = ["name", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    fields = ["store", "name"]
    ordering = ["id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store"] if obj else []

    def consequence(self, obj: Any) -> str:
        return "Payments keep its name. It can no longer be chosen."

    def save_model(self, request: HttpRequest, obj: PaymentMethod, form: Any, change: bool) -> None:
        name = form.cleaned_data["name"]
        if change:
            update_method(obj, name)
        else:
            obj.pk = create_method(form.cleaned_data["store"], name).pk
