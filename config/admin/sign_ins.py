"""The lists of sign-ins and of failed ones, which django-axes records."""

from __future__ import annotations

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.admin.browsers import browser_name
from stores.admin.deleting import DeletesAfterQuestion
from stores.admin.display import EMPTY
from stores.admin.lists.form_filters import DayFilter
from stores.admin.lists.pages import ListPages

# What is in them is shown on the pages of people and of one's own account.
admin.site.unregister((StaticDevice, TOTPDevice))
# Axes writes no failure log unless AXES_ENABLE_ACCESS_FAILURE_LOG is set: its list would always be empty.
admin.site.unregister((AccessAttempt, AccessFailureLog, AccessLog))


FROM = ("address", "program", "page")


class AttemptDayFilter(DayFilter):
    title, column = "day", "attempt_time"
    inputs = (("from", "From", 10), ("to", "To", 10))


class ReadOnlySignIns(ListPages):
    """Rows that django-axes writes; nobody changes them."""

    list_filter = (AttemptDayFilter,)
    date_hierarchy = None
    search_help_text = "Any part of the name, the address, the browser or the page."
    what = "Sign-in"

    def row_title(self, row: Any) -> str:
        day = date_format(localtime(row.attempt_time), "DATETIME_FORMAT")
        return f"{self.what} of {row.username or 'nobody'}, {day}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Name", ordering="username")
    def person(self, row: Any) -> str:
        return row.username or "none"

    @admin.display(description="When", ordering="attempt_time")
    def when(self, row: Any) -> str:
        return date_format(localtime(row.attempt_time), "DATETIME_FORMAT")

    @admin.display(description="Address", ordering="ip_address")
    def address(self, row: Any) -> str:
        return row.ip_address or EMPTY

    @admin.display(description="Page")
    def page(self, row: Any) -> str:
        return row.path_info or EMPTY

    @admin.display(description="What the browser calls itself")
    def program(self, row: Any) -> str:
        return row.user_agent or EMPTY

    @admin.display(description="Browser")
    def browser(self, row: Any) -> str:
        return browser_name(row.user_agent)


@admin.register(AccessAttempt)
class FailedSignInAdmin(DeletesAfterQuestion, ReadOnlySignIns, AccessAttemptAdmin):  # type: ignore[misc]  # no type hints
    """Failed sign-ins, by name and address. Deleting a row ends its lock at once."""

    row_names = ("wrong password", "wrong passwords")
    what = "Wrong password"
    list_display = ("when", "person", "tries", "lock", "address", "browser")
    actions = ()
    fieldsets = (
        (None, {"fields": ("when", "person", "tries", "lock")}),
        ("From where", {"fields": FROM}),
    )
    readonly_fields = ("when", "person", "tries", "lock", *FROM)

    @admin.display(description="Tries", ordering="failures_since_start")
    def tries(self, row: Any) -> int:
        return int(row.failures_since_start)

    @admin.display(description="State")
    def lock(self, row: Any) -> str:
        left = settings.AXES_FAILURE_LIMIT - row.failures_since_start
        return f"{left} more before it is locked" if left > 0 else "locked"

    def consequence(self, obj: Any) -> str:
        return "A lock that it caused ends at once."


@admin.register(AccessLog)
class SignInAdmin(ReadOnlySignIns, AccessLogAdmin):  # type: ignore[misc]  # no type hints
    """Sign-ins that worked."""

    row_names = ("sign-in", "sign-ins")
    list_display = ("when", "person", "address", "browser", "signed_out")
    fieldsets = (
        (None, {"fields": ("when", "signed_out", "person")}),
        ("From where", {"fields": FROM}),
    )
    readonly_fields = ("when", "signed_out", "person", *FROM)

    @admin.display(description="Signed out", ordering="logout_time")
    def signed_out(self, row: Any) -> str:
        then = row.logout_time
        return date_format(localtime(then), "DATETIME_FORMAT") if then else "not yet"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
