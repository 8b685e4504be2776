"""The list of failed sign-ins, which django-axes records."""

from __future__ import annotations

from typing import Any

from axes.admin import AccessAttemptAdmin
from django.conf import settings
from django.contrib import admin

from config.admin.sign_in_rows import ReadOnlySignIns
from stores.admin.deleting import DeletesAfterQuestion


class FailedSignInAdmin(DeletesAfterQuestion, ReadOnlySignIns, AccessAttemptAdmin):  # type: ignore[misc]  # no type hints
    """Failed sign-ins, by name and address. Deleting a row ends its lock at once."""

    row_names = ("wrong password", "wrong passwords")
    what = "Wrong password"
    list_display = ("when", "person", "tries", "lock", "address", "browser")
    actions = ()
    fieldsets = (
        (None, {"fields": ("when", "person", "tries", "lock")}),
        ("From where", {"fields": ReadOnlySignIns.from_where}),
    )
    readonly_fields = ("when", "person", "tries", "lock", *ReadOnlySignIns.from_where)

    @admin.display(description="Tries", ordering="failures_since_start")
    def tries(self, row: Any) -> int:
        return int(row.failures_since_start)

    @admin.display(description="State")
    def lock(self, row: Any) -> str:
        left = settings.AXES_FAILURE_LIMIT - row.failures_since_start
        return f"{left} more before it is locked" if left > 0 else "locked"

    def consequence(self, obj: Any) -> str:
        return "A lock that it caused ends at once."
