"""Second factors of before work on: their secrets are encrypted, and recovery codes become hashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.admin.second_factor import has_factor, is_right
from stores.models import AuthenticatorApp
from tests.upgrades.databases import connected_to, new_database

BEFORE = "0011_tax_years"


@pytest.fixture
def former_database(tmp_path: Path, django_db_blocker: Any) -> Iterator[None]:
    with (
        new_database(tmp_path) as database,
        django_db_blocker.unblock(),
        connected_to(database),
    ):
        call_command("migrate", verbosity=0)
        call_command("migrate", "stores", BEFORE, verbosity=0)
        yield


def stored_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM stores_authenticatorapp")
        secrets = [bytes(row[0]).decode() for row in cursor.fetchall()]
        cursor.execute("SELECT token FROM otp_static_statictoken")
        return " ".join([*secrets, *(row[0] for row in cursor.fetchall())])


@pytest.mark.usefixtures("former_database")
def test_devices_of_before_work_on() -> None:
    user = User.objects.create_user("ann", is_staff=True)
    device = TOTPDevice.objects.create(user=user, name="app", drift=1, last_t=7)
    recovery = StaticDevice.objects.create(user=user, name="recovery")
    StaticToken.objects.create(device=recovery, token="abcdefgh")
    waiting = TOTPDevice.objects.create(
        user=User.objects.create_user("bo"), name="app", confirmed=False
    )
    key = device.bin_key

    call_command("migrate", verbosity=0)
    assert has_factor(user)
    assert not has_factor(waiting.user)
    assert not TOTPDevice.objects.exists()
    app = AuthenticatorApp.objects.get(user=user)
    assert (app.bin_key, app.drift, app.last_t, app.name) == (key, 1, 7, "app")
    assert device.key not in stored_text()
    assert "abcdefgh" not in stored_text()
    assert is_right(user, f"{totp(key, drift=1):06}")
    assert is_right(user, "ABCD efgh")
    assert not is_right(user, "abcdefgh")

    call_command("migrate", "stores", BEFORE, verbosity=0)
    assert TOTPDevice.objects.get(user=user).bin_key == key
