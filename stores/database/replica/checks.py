from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from stores.database.replica.reading import is_configured


@register()
def marks_are_shared(**_: Any) -> list[CheckMessage]:
    """Warn if a process cannot learn what a key wrote through another process."""
    if not is_configured() or settings.REDIS_URL:
        return []
    return [
        Warning(
            "REPLICA_URL is set without REDIS_URL.",
            hint="Processes then do not know each other's writes: a key may not see what it has just"
            " written. Set REDIS_URL, unless a single process serves all requests.",
            id="stores.W001",
        )
    ]
