"""Turn stores into the objects that this dialect answers."""

from __future__ import annotations

from typing import Any

from customers.api.times import milliseconds
from stores.models import Store


def store(instance: Store) -> dict[str, Any]:
    return {
        "id": str(instance.uid),
        "name": instance.name,
        "currency": instance.currency,
        "country": instance.country,
        "timezone": instance.timezone,
        "createdAt": milliseconds(instance.created_at),
    }
