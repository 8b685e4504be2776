from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.test import Client

from config.bootstrap import ROOT

PROBE = """
import django
django.setup()
from django.test import Client
for path in ("/healthz", "/readyz"):
    answer = Client().get(path)
    print(path, answer.status_code, answer.json()["status"])
"""


def probes_with(database: str) -> list[str]:
    """Return the probes' responses of a process with this database."""
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/healthz/", "/readyz/"])
def test_probe_accepts_any_host_over_http(client: Client, path: str, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(path, headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


def test_database_outage_is_alive_but_not_ready() -> None:
    assert probes_with("postgres://nobody@127.0.0.1:9/nothing") == [
        "/healthz 200 ok",
        "/readyz 503 database unavailable",
    ]


def test_unmigrated_database_is_not_ready() -> None:
    assert probes_with("sqlite://:memory:") == ["/healthz 200 ok", "/readyz 503 not migrated"]
