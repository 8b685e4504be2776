"""What the life cycles share: arguments, and checks of answers."""

from __future__ import annotations

import sys
from typing import Any, Protocol, TypeVar

BASE_URL, KEY, STORE = sys.argv[1:4]
Body = TypeVar("Body")


class Reply(Protocol):
    """A response of a generated client."""

    status_code: Any
    headers: Any
    parsed: Any


def ok(reply: Reply, kind: type[Body], status: int = 200) -> Body:
    """Return the body of an answer that succeeded."""
    assert reply.status_code == status, (reply.status_code, reply.parsed)
    assert isinstance(reply.parsed, kind), reply.parsed
    return reply.parsed


def refused(reply: Reply, status: int) -> None:
    assert reply.status_code == status, (reply.status_code, reply.parsed)
    assert reply.parsed is not None
