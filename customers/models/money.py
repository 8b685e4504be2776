from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, overload

from django.db import models


@overload
def money(*, null: Literal[True], **options: Any) -> models.DecimalField[Any, Decimal | None]: ...


@overload
def money(**options: Any) -> models.DecimalField[Any, Decimal]: ...


def money(**options: Any) -> models.DecimalField[Any, Any]:
    """Return a field for an amount in the store's currency: 12 digits before the point, two after."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)
