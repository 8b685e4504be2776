"""Recovery codes, which count once: each instead of a code of the app."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from stores.models.authenticator import recovery_digests

RECOVERY_CODES = 10


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


def is_recovery_code(user: Any, text: str) -> bool:
    digests = recovery_digests(text)
    for device in StaticDevice.objects.filter(user=user, confirmed=True).select_for_update():
        stored = device.token_set.filter(token__in=digests).values_list("token", flat=True).first()
        if device.verify_token(stored or digests[0]):
            return True
    return False
