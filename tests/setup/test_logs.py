"""Logs hold facts of the server and no data of clients."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from django.test import Client

from config.bootstrap import ROOT
from config.logs import JsonFormatter
from customers.api import views
from stores.models import Store
from tests.factories import ApiKeyFactory


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """Return a function that formats the lines logged so far."""
    django = logging.getLogger("django")  # Django's lines do not propagate to the root logger
    django.addHandler(caplog.handler)
    yield lambda: [JsonFormatter().format(record) for record in caplog.records]
    django.removeHandler(caplog.handler)


def test_error_is_logged_with_its_route_but_no_path(
    lines: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError("jane@example.com")

    monkeypatch.setattr(views, "get_customer_row", broken)
    bearer = {"Authorization": f"Bearer {ApiKeyFactory(store=store).text}"}
    answer = Client().get("/api/customers/jane?q=jane", headers=bearer)
    assert answer.status_code == 500
    assert "jane" not in "".join(lines())
    fault, refusal = map(orjson.loads, lines())
    assert (fault["message"], fault["exception"]) == ("unexpected error", "RuntimeError")
    assert refusal["message"].startswith("Internal Server Error: GET ")
    assert "api/customers" in refusal["message"]


def test_development_server_logs_no_path(lines: Any) -> None:
    server = WSGIRequestHandler.__new__(WSGIRequestHandler)
    server.request = "a socket"
    server.log_message('"%s" %s %s', "GET /customers/jane?q=jane HTTP/1.1", "400", "5")
    server.log_message('"%s" %s %s', "\x16\x03 jane", "400", "5")  # HTTPS
    assert [orjson.loads(line)["message"] for line in lines()] == ["GET: 400", "django.server"]


FORGED = """
import django
django.setup()
from django.test import Client
print(Client().get("/docs/", headers={"Host": "jane.example"}).status_code)
"""


def test_forged_host_is_not_logged() -> None:
    """Run a separate process, because pytest adds handlers to every logger."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", FORGED]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("400\n", "")
