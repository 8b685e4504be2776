from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from customers.privacy.models import Erasure
from customers.privacy.services.certificate import certificate_of
from customers.privacy.services.receipts import refresh_receipts
from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Erasures with their certificates, and the systems that have yet to confirm."""

    list_display = ["erased_at", "customer_uid", "actor_name", "unconfirmed", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["customer", "store"]
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator

    @admin.display(description="Customer")
    def customer_uid(self, erasure: Erasure) -> str:
        return str(erasure.customer.uid)

    @admin.display(description="Not confirmed")
    def unconfirmed(self, erasure: Erasure) -> str:
        receipts = refresh_receipts(erasure)
        waiting = [receipt for receipt in receipts if receipt.confirmed_at is None]
        late = max((receipt.overdue_days for receipt in waiting), default=0)
        return f"{len(waiting)} of {len(receipts)}{f', over {late} days' if late else ''}"

    def get_urls(self) -> list[URLPattern]:
        path = self.button_path("certificate", self.certificate, "privacy.view_erasure")
        return [path, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **options: Any
    ) -> HttpResponseBase:
        """Show the certificate, which says all about an erasure."""
        erasure = self.get_object(request, object_id)
        if erasure is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, erasure):
            raise PermissionDenied
        return self.certificate(request, erasure)

    def certificate(self, request: HttpRequest, erasure: Erasure) -> HttpResponseBase:
        receipts = refresh_receipts(erasure)
        facts = certificate_of(erasure, receipts)
        if request.GET.get("format") == "json":
            name = f"erasure-{erasure.uid}.json"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return JsonResponse(facts, headers=headers, json_dumps_params={"indent": 2})
        context = {
            **self.admin_site.each_context(request),
            "title": "Certificate of erasure",
            "opts": self.opts,
            "original": erasure,
            "certificate": facts,
            "receipts": receipts,
        }
        return TemplateResponse(request, "admin/privacy/certificate.html", context)
