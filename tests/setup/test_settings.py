"""Settings that contradict each other are refused at the start, in words."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config.bootstrap import ROOT

LONG = "k" * 50
PRODUCTION = {"HTTPS": "true", "ALLOWED_HOSTS": "book.example.com", "SECRET_KEY": LONG + "aA1-_xyz"}


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"HTTPS": "true", "DEBUG": "true"}, "DEBUG=true shows internals"),
        ({"HTTPS": "true", "SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* accepts forged hosts"),
        (
            {"DATABASE_URL": "sqlite://:memory:", "REPLICA_URL": "postgres://r/b"},
            "needs PostgreSQL in DATABASE_URL",
        ),
        ({"GEOCODER": "magic"}, "GEOCODER is one of"),
        ({"GEOCODER": "google", "GEOCODER_API_KEY": ""}, "needs GEOCODER_API_KEY"),
    ],
)
def test_unsafe_settings_are_refused_with_their_reason(env: dict[str, str], said: str) -> None:
    done = run("-c", "import config.settings", **{"SECRET_KEY": LONG, **env})
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1]


def test_production_settings_pass_the_deployment_check() -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = run(*check, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_a_replica_without_a_shared_cache_is_warned_of() -> None:
    check = ("manage.py", "check")
    databases = {
        "DATABASE_URL": "postgres://primary/book",
        "REPLICA_URL": "postgres://replica/book",
    }
    assert "stores.W001" in run(*check, **databases).stderr
    shared = run(*check, **databases, REDIS_URL="redis://cache/0")
    assert shared.returncode == 0, shared.stderr
    assert "W001" not in shared.stderr


def test_no_migration_is_missing() -> None:
    done = run("manage.py", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout
