from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from customers.privacy.models import DataExport
from customers.privacy.services.data_exports import download
from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator
from stores.errors import DomainError


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """Files with everything about a customer. They are asked for on the customer's page."""

    change_form_template = "admin/privacy/data_export.html"
    list_display = ["created_at", "customer", "status", "has_contacts", "actor_name", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["customer", "store"]
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = ["customer", "status", "contacts", "actor_name", "created_at", "gone_on"]
    readonly_fields = ["status", "contacts", "gone_on"]

    @admin.display(description="State")
    def status(self, export: DataExport) -> str:
        return export.state

    @admin.display(description="With contacts")
    def contacts(self, export: DataExport) -> str:
        return "yes, who are other people" if export.has_contacts else "no"

    @admin.display(description="Deleted on")
    def gone_on(self, export: DataExport) -> str:
        return date_format(localtime(export.expires_at), "DATETIME_FORMAT")

    def get_urls(self) -> list[URLPattern]:
        path = self.button_path(
            "download", require_POST(self.download), "privacy.download_dataexport"
        )
        return [path, *super().get_urls()]

    def download(self, request: HttpRequest, export: DataExport) -> HttpResponseBase:
        """Send the file. It is deleted here, so the answer is not stored anywhere else."""
        try:
            content = download(export.as_queryset())
        except DomainError as refusal:
            return self.button_failed(request, export, refusal)
        name = f"personal-data-{timezone.now():%Y-%m-%d}-{export.uid.hex[-8:]}.zip"
        disposition = f'attachment; filename="{name}"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/zip", headers=headers)
