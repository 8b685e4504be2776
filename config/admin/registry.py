"""Show the sign-ins of django-axes, and hide what other pages show."""

from __future__ import annotations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.admin.failed_sign_ins import FailedSignInAdmin
from config.admin.sign_ins import SignInAdmin

# What is in them is shown on the pages of people and of one's own account.
admin.site.unregister((StaticDevice, TOTPDevice))
# Axes writes no failure log unless AXES_ENABLE_ACCESS_FAILURE_LOG is set: its list would always be empty.
admin.site.unregister((AccessAttempt, AccessFailureLog, AccessLog))
admin.site.register(AccessAttempt, FailedSignInAdmin)
admin.site.register(AccessLog, SignInAdmin)
