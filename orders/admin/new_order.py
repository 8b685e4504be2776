"""The form of a new order: it can be added up before it is placed, and leads to the order."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.html import format_html

from orders.admin.forms import Lines
from orders.services.placing import place_order
from orders.services.quoting import quote
from stores.admin.base import ScopedAdmin
from stores.admin.display import store_amount, store_number
from stores.admin.error_messages import error_message
from stores.admin.submissions import submit_once
from stores.errors import DomainError

ADD_UP = "_add_up"
PARTS = (
    ("Goods", "subtotal"),
    ("Discount", "discount_amount"),
    ("Shipping", "shipping_amount"),
    ("Tax", "tax_amount"),
)


class NewOrderPage(ScopedAdmin):
    """Mixed into the admin of orders."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_trial = ADD_UP in request.POST
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Place a new order here, because `save_model` runs before its lines are known."""
        for formset in formsets:
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        if change:
            return
        data = form.cleaned_data
        lines = next(formset for formset in formsets if isinstance(formset, Lines))
        amounts = quote_of(data, lines)
        with submit_once(data["once"]) as sent:
            row = place_order(
                data["customer"].as_queryset(),
                self.actor(request),
                lines.items(),
                shipping_address_uid=uuid.UUID(data["deliver_to"]) if data["deliver_to"] else None,
                on_account=data["is_on_account"],
                external_id=data["external_id"],
                override=data.get("override", ""),
                shipping_amount=amounts["shipping_amount"],
                tax_amount=amounts["tax_amount"],
                discount_amount=amounts["discount_amount"],
            )
            form.instance.pk, form.instance.number = row["id"], row["number"]
            sent.path = self.page_of(form.instance)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        """Lead to the new order."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        text = format_html("Order {} is placed.", obj.number)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def sums_of_new(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return what the page shows of a new order that was added up; nothing while it has errors."""
        form = context["adminform"].form
        lines = next(f.formset for f in context["inline_admin_formsets"])
        if not form.is_bound or form.errors or not lines.is_valid():
            return {}
        store = form.cleaned_data["customer"].store
        try:
            amounts = quote_of(form.cleaned_data, lines)
        except DomainError as refusal:
            return {"refusal": error_message(refusal)}
        parts = [(label, store_number(amounts[name], store)) for label, name in PARTS]
        return {"parts": parts, "total": store_amount(amounts["total"], store)}


def quote_of(data: dict[str, Any], lines: Lines) -> dict[str, Decimal]:
    return quote(
        data["customer"],
        lines.items(),
        discount_amount=data["discount_amount"],
        tax_amount=data["tax_amount"],
        tax_rate=data["tax_rate"],
        shipping_amount=data["shipping_amount"],
    )
