from __future__ import annotations

from django.db import models


def money(**options) -> models.DecimalField:
    """An amount in the store's currency: 12 digits before the point, two after."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)
