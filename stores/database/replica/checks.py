from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from stores.database.replica.reading import is_configured


@register()
def marks_are_shared(**_: Any) -> list[CheckMessage]:
    """Whether one process learns what a key wrote through another."""
    if not is_configured() or settings.REDIS_URL:
        return []
    return [
        Warning(
            "REPLICA_URL is set without REDIS_URL.",
            hint="Processes then do not know of each other's writes: a key may miss what it has just"
            " written. Set REDIS_URL unless all is served by one process.",
            id="stores.W001",
        )
    ]
