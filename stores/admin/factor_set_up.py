"""Set up a person's app that shows codes; the first right code turns the factor on."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

from stores.admin.recovery_codes import new_recovery_codes
from stores.models.authenticator import AuthenticatorApp


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
