"""The liveness probe under the name that this wire's clients know."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_anybody_may_ask_whatever_they_accept(client, path):
    answer = client.get(path, headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.head(path).content == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_else_can_be_done_there(client, method):
    answer = getattr(client, method)("/health")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"]["message"]
