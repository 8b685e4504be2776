"""The lists of sign-ins and of failed ones, which django-axes records."""

from __future__ import annotations

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.admin.lists.form_filters import DayFilter
from stores.admin.lists.pages import ListPages

# What is in them is shown on the pages of people and of one's own account.
admin.site.unregister((StaticDevice, TOTPDevice))
# Axes writes no failure log unless AXES_ENABLE_ACCESS_FAILURE_LOG is set: its list would always be empty.
admin.site.unregister((AccessAttempt, AccessFailureLog, AccessLog))


class AttemptDayFilter(DayFilter):
    title, column = "day", "attempt_time"
    inputs = (("from", "From", 10), ("to", "To", 10))


@admin.register(AccessAttempt)
class FailedSignInAdmin(ListPages, AccessAttemptAdmin):  # type: ignore[misc]  # no type hints
    """Failed sign-ins, by name and address. Deleting a row ends its lock at once."""

    list_filter = [AttemptDayFilter]
    date_hierarchy = None


@admin.register(AccessLog)
class SignInAdmin(ListPages, AccessLogAdmin):  # type: ignore[misc]  # no type hints
    """Sign-ins that worked."""

    list_filter = [AttemptDayFilter]
    date_hierarchy = None
