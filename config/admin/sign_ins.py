"""The lists of sign-ins and of failed ones, which django-axes records."""

from __future__ import annotations

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin

from stores.admin.page_titles import PageTitles

# Axes writes no failure log unless AXES_ENABLE_ACCESS_FAILURE_LOG is set: its list would always be empty.
admin.site.unregister((AccessAttempt, AccessFailureLog, AccessLog))


@admin.register(AccessAttempt)
class FailedSignInAdmin(PageTitles, AccessAttemptAdmin):  # type: ignore[misc]  # no type hints
    """Failed sign-ins, by name and address. Deleting a row ends its lock at once."""


@admin.register(AccessLog)
class SignInAdmin(PageTitles, AccessLogAdmin):  # type: ignore[misc]  # no type hints
    """Sign-ins that worked."""
