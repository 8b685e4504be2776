"""A store as this dialect answers it."""

from __future__ import annotations

from typing import Any

from customers.api.times import milliseconds
from stores.models import Store


def store(shop: Store) -> dict[str, Any]:
    return {
        "id": str(shop.uid),
        "name": shop.name,
        "currency": shop.currency,
        "country": shop.country,
        "timezone": shop.timezone,
        "createdAt": milliseconds(shop.created_at),
    }
