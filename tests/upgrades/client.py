"""A client of one store that speaks every dialect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client


@dataclass(frozen=True)
class StoreClient:
    store: str  # UUID that replaces `{store}` in paths
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = b"" if body is None else json.dumps(body).encode()
        return Client().generic(
            method,
            path.replace("{store}", self.store),
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = self.call(method, path, body, **headers)
        assert 200 <= response.status_code < 300, f"{method} {path}: {response.content.decode()}"
        return json.loads(response.content or b"null")
