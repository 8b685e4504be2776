"""Invalid or contradictory settings are refused at the start with a reason."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

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
        ({"PROXY_COUNT": "-1"}, "PROXY_COUNT is a whole number"),
        ({"DATABASE_STATEMENT_TIMEOUT": "99999999999"}, "DATABASE_STATEMENT_TIMEOUT is a whole"),
        ({"SESSION_COOKIE_AGE": "0"}, "SESSION_COOKIE_AGE is a whole number from 1"),
        ({"REPLICA_MAX_LAG": "nan"}, "REPLICA_MAX_LAG is seconds"),
        ({"GEOCODER_BUDGET": "-0.5"}, "GEOCODER_BUDGET is seconds"),
        ({"WEBHOOK_ALLOW_TARGETS": "receiver"}, "WEBHOOK_ALLOW_TARGETS is host:port"),
        ({"GEOCODER": "magic"}, "GEOCODER is one of"),
        ({"GEOCODER": "google", "GEOCODER_API_KEY": ""}, "needs GEOCODER_API_KEY"),
        ({"GEOCODER_SCHEME": "ftp"}, "GEOCODER_SCHEME is one of"),
        ({"RATE_LIMIT": "600/minute"}, "RATE_LIMIT is a number a /sec"),
        ({"RATE_LIMIT": "0/min"}, "RATE_LIMIT is a number a /sec"),
        ({"HTTPS": "ture"}, "HTTPS cannot be read: it is true or false"),
        ({"SESSION_COOKIE_AGE": "8h"}, "SESSION_COOKIE_AGE cannot be read"),
        ({"GEOCODER_BUDGET": "2s"}, "GEOCODER_BUDGET cannot be read"),
        ({"WEBHOOK_RETRY_SCHEDULE": "0,soon"}, "WEBHOOK_RETRY_SCHEDULE cannot be read"),
        ({"WEBHOOK_RETRY_SCHEDULE": ""}, "WEBHOOK_RETRY_SCHEDULE is seconds"),
        ({"WEBHOOK_RETRY_SCHEDULE": "0,999999999999"}, "WEBHOOK_RETRY_SCHEDULE is seconds"),
        ({"DATABASE_URL": "mysql://u:p@h/b"}, "DATABASE_URL is postgres://"),
        ({"DATABASE_URL": "book"}, "DATABASE_URL is postgres://"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is postgres://"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL is postgres://"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL is redis://"),
        ({"REDIS_URL": "redis://localhost:port/0"}, "REDIS_URL is redis://"),
        ({"REDIS_URL": "redis://localhost:70000/0"}, "REDIS_URL is redis://"),
        ({"ALLOWED_HOSTS": "https://book.example"}, "ALLOWED_HOSTS is names of hosts"),
        ({"ALLOWED_HOSTS": "book.example:8000"}, "ALLOWED_HOSTS is names of hosts"),
        ({"CSRF_TRUSTED_ORIGINS": "book.example"}, "CSRF_TRUSTED_ORIGINS is origins"),
        ({"CSRF_TRUSTED_ORIGINS": "https://book.example/"}, "CSRF_TRUSTED_ORIGINS is origins"),
        ({"GEOCODER_DOMAIN": "https://places.example"}, "GEOCODER_DOMAIN is a host"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is one of"),
        ({"PATH_PREFIX": "/clientele/"}, "PATH_PREFIX is a path such as /clientele"),
        ({"PATH_PREFIX": "clientele"}, "PATH_PREFIX is a path such as /clientele"),
    ],
)
def test_invalid_settings_are_refused_with_a_reason(env: dict[str, str], said: str) -> None:
    done = run("-c", "import config.settings", **{"SECRET_KEY": LONG, **env})
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1]


def test_list_of_hosts_may_have_spaces() -> None:
    printing = "import config.settings as s; print(s.ALLOWED_HOSTS)"
    hosts = run("-c", printing, ALLOWED_HOSTS="a.example, b.example,")
    assert hosts.stdout.strip() == "['a.example', 'b.example']", hosts.stderr


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///book.sqlite3", str(ROOT / "book.sqlite3")),
        ("sqlite:////srv/book.sqlite3", "/srv/book.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_relative_sqlite_path_is_beside_the_code(tmp_path: Path, url: str, path: str) -> None:
    printing = "import config.settings as s; print(s.DATABASES['default']['NAME'])"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": url}
    command = [sys.executable, "-c", printing]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == path


def test_origins_may_have_ports_and_wildcards() -> None:
    printing = "import config.settings as s; print(*s.CSRF_TRUSTED_ORIGINS)"
    origins = "https://*.example.com,http://localhost:8001,https://[::1]:8443"
    assert run("-c", printing, CSRF_TRUSTED_ORIGINS=origins).stdout.split() == origins.split(",")


def test_gunicorn_reads_the_env_file(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    configuration = shutil.copy(ROOT / "config" / "gunicorn.py", tmp_path / "config")
    (tmp_path / ".env").write_text("THREADS=3\nWEB_CONCURRENCY=5\nBIND=127.0.0.1:9999\n")
    unset = {
        name: value
        for name, value in os.environ.items()
        if name not in ("THREADS", "WEB_CONCURRENCY", "BIND")
    }
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", configuration, "--print-config", "config.wsgi"],
        cwd=ROOT,
        env={**unset, "SECRET_KEY": LONG},
        capture_output=True,
        text=True,
        check=True,
    )
    said = dict(re.findall(r"^(\w+) += (.*)$", done.stdout, re.MULTILINE))
    assert (said["threads"], said["workers"]) == ("3", "5")
    assert "127.0.0.1:9999" in said["bind"]


def test_undecodable_env_file_is_reported_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / ".env").write_bytes(b"NAME=caf\xe9")
    serving = ("-m", "gunicorn", "-c", "config/gunicorn.py", "--print-config", "config.wsgi")
    for command in (("-c", "import config.settings"), serving):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "SECRET_KEY": LONG, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert ".env cannot be read: " in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("variable", "value"), [("WEB_CONCURRENCY", "0"), ("THREADS", "0"), ("THREADS", "two")]
)
def test_gunicorn_refuses_zero_workers_or_threads(variable: str, value: str) -> None:
    options = ("-m", "gunicorn", "-c", "config/gunicorn.py", "--print-config", "config.wsgi")
    done = run(*options, SECRET_KEY=LONG, **{variable: value})
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"{variable} is a whole number from 1 to 9999."


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("book", "DATABASE_URL is postgres://"),
        ("postgres://u:secret@127.0.0.1:1/b", "The database of DATABASE_URL cannot be used: "),
        ("sqlite:////nowhere/book.sqlite3", "The database of DATABASE_URL cannot be used: "),
        ("sqlite://:memory:", "The book is not migrated: python3 manage.py migrate"),
    ],
)
def test_missing_database_is_reported_in_one_line(url: str, said: str) -> None:
    done = run("-W", "ignore", "manage.py", "verify_outbox", SECRET_KEY=LONG, DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)
    assert "secret" not in line


def test_traceback_option_shows_the_traceback() -> None:
    done = run("manage.py", "verify_outbox", "--traceback", SECRET_KEY=LONG, DATABASE_URL="book")
    assert "Traceback" in done.stderr


def test_broken_pipe_ends_a_command_silently() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "manage.py", "help"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_production_settings_pass_the_deploy_check() -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = run(*check, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_replica_without_a_shared_cache_warns() -> None:
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
