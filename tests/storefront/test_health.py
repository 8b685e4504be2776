"""The liveness probe at this dialect's path."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_health_ignores_keys_and_accept_headers(client, path):
    answer = client.get(path, headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.head(path).content == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_health_refuses_other_methods(client, method):
    answer = getattr(client, method)("/health")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"]["message"]
