from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, reverse

from customers.privacy.models import ErasureReceipt
from customers.privacy.services.confirming import confirm_receipt
from stores.admin.base import ReadOnlyAdmin


class ConfirmForm(forms.Form):
    note = forms.CharField(
        max_length=500,
        label="How it was confirmed",
        help_text="For example by whom and in which mail.",
    )


@admin.register(ErasureReceipt)
class ErasureReceiptAdmin(ReadOnlyAdmin):
    """The receipt of one system; the certificate of its erasure lists them."""

    list_display = ["name", "kind", "told_at", "confirmed_at", "store"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        path = self.button_path("confirm", self.confirm, "privacy.change_erasurereceipt")
        return [path, *super().get_urls()]

    def confirm(self, request: HttpRequest, receipt: ErasureReceipt) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            confirm_receipt(receipt.as_queryset(), self.actor(request), data["note"])
            return f"Confirmed: {receipt.name} has erased its copy."

        def finish(request: HttpRequest, receipt: Any, text: str) -> HttpResponseBase:
            self.message_user(request, text)
            url = reverse("admin:privacy_erasure_certificate", args=[receipt.erasure_id])
            return HttpResponseRedirect(url)

        form = ConfirmForm(request.POST or None)
        return self.form_response(
            request,
            receipt,
            form,
            change,
            title="Confirm an erasure",
            button="Confirm",
            finish=finish,
        )
