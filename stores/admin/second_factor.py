"""The second factor of staff: codes of an app on their phone (TOTP), and recovery codes that count once.

Recovery codes are django-otp's, stored as hashes. A person has the factor when a code has confirmed their app.
"""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from stores.encryption import DecryptionError
from stores.models.authenticator import DIGITS, AuthenticatorApp, recovery_digests

RECOVERY_CODES = 10
# Not a right but a duty: of people in a group that has this permission.
REQUIRED = "need_second_factor"


def has_factor(user: Any) -> bool:
    found: bool = AuthenticatorApp.objects.filter(user=user, confirmed=True).exists()
    return found


def must_have_factor(user: Any) -> bool:
    """Return whether one of the person's groups requires a second factor."""
    return Group.objects.filter(user=user, permissions__codename=REQUIRED).exists()


def pending_device(user: Any) -> AuthenticatorApp:
    """Return the person's app that no code has confirmed yet; the first call makes its secret."""
    device: AuthenticatorApp
    device, _ = AuthenticatorApp.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


def qr_code(device: AuthenticatorApp) -> SafeString:
    """Return the QR code that an app reads, as SVG without styles: the CSP refuses them."""
    image = segno.make(device.config_url).svg_inline(scale=5, light="white")
    return mark_safe(image)  # noqa: S308 - made of squares only


def secret_in_groups(device: AuthenticatorApp) -> str:
    """Return the secret for typing, in groups of four letters."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def confirm(user: Any, code: str) -> list[str]:
    """Turn the factor on if the app's code is right. Return new recovery codes, or nothing for a wrong code."""
    with transaction.atomic():
        device = pending_device(user)
        if not device.verify_token(code.replace(" ", "")):
            return []
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return new_recovery_codes(user)


def new_recovery_codes(user: Any) -> list[str]:
    """Replace the person's recovery codes, and return the new ones."""
    with transaction.atomic():
        device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=recovery_digests(code)[0]) for code in codes
        )
    return codes


def recovery_codes_left(user: Any) -> int:
    count: int = StaticToken.objects.filter(device__user=user).count()
    return count


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


def is_recovery_code(user: Any, text: str) -> bool:
    digests = recovery_digests(text)
    for device in StaticDevice.objects.filter(user=user, confirmed=True).select_for_update():
        stored = device.token_set.filter(token__in=digests).values_list("token", flat=True).first()
        if device.verify_token(stored or digests[0]):
            return True
    return False


def reset(user: Any) -> None:
    """Turn the factor off, and forget its secret and codes."""
    with transaction.atomic():
        AuthenticatorApp.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
