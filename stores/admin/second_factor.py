"""The second factor of staff: codes of an app on their phone (TOTP), and recovery codes that count once.

Recovery codes are django-otp's, stored as hashes. A person has the factor when a code has confirmed their app.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice

from stores.admin.recovery_codes import is_recovery_code
from stores.encryption import DecryptionError
from stores.models.authenticator import DIGITS, AuthenticatorApp

# Not a right but a duty: of people in a group that has this permission.
REQUIRED = "need_second_factor"


def has_factor(user: Any) -> bool:
    found: bool = AuthenticatorApp.objects.filter(user=user, confirmed=True).exists()
    return found


def must_have_factor(user: Any) -> bool:
    """Return whether one of the person's groups requires a second factor."""
    return Group.objects.filter(user=user, permissions__codename=REQUIRED).exists()


def is_right(user: Any, code: str) -> bool:
    """Check a code of the app, or a recovery code, which is used up by it."""
    text = code.replace(" ", "").lower()
    with transaction.atomic():
        if len(text) == DIGITS and text.isdecimal():
            return is_shown_by_app(user, text)
        return is_recovery_code(user, text)


def is_shown_by_app(user: Any, text: str) -> bool:
    apps = AuthenticatorApp.objects.filter(user=user, confirmed=True).select_for_update()
    try:
        return any(app.verify_token(text) for app in apps)
    except DecryptionError:
        # SECRET_KEY was changed without a fallback: an administrator resets the factor.
        return False


def reset(user: Any) -> None:
    """Turn the factor off, and forget its secret and codes."""
    with transaction.atomic():
        AuthenticatorApp.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
