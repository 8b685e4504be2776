"""The list of sign-ins, which django-axes records."""

from __future__ import annotations

from typing import Any

from axes.admin import AccessLogAdmin
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.admin.sign_in_rows import ReadOnlySignIns


class SignInAdmin(ReadOnlySignIns, AccessLogAdmin):  # type: ignore[misc]  # no type hints
    """Sign-ins that worked."""

    row_names = ("sign-in", "sign-ins")
    list_display = ("when", "person", "address", "browser", "signed_out")
    fieldsets = (
        (None, {"fields": ("when", "signed_out", "person")}),
        ("From where", {"fields": ReadOnlySignIns.from_where}),
    )
    readonly_fields = ("when", "signed_out", "person", *ReadOnlySignIns.from_where)

    @admin.display(description="Signed out", ordering="logout_time")
    def signed_out(self, row: Any) -> str:
        then = row.logout_time
        return date_format(localtime(then), "DATETIME_FORMAT") if then else "not yet"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
