from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, overload

from django.db import models
from django.db.models import BigIntegerField, DecimalField, ExpressionWrapper, F
from django.db.models.functions import Cast, Round


@overload
def money(*, null: Literal[True], **options: Any) -> models.DecimalField[Any, Decimal | None]: ...


@overload
def money(**options: Any) -> models.DecimalField[Any, Decimal]: ...


def money(**options: Any) -> models.DecimalField[Any, Any]:
    """Return a field for an amount in the store's currency: 12 digits before the point, three after.

    SQLite keeps 15 digits of a number, so no column can be wider.
    """
    return models.DecimalField(max_digits=15, decimal_places=3, **options)


def thousandths(column: str) -> Cast:
    """Return the amount of a column as a whole number, whose multiples are exact on both engines.

    SQLite multiplies decimals in binary fractions: nine tenths of 29.90 are less than 26.91 there.
    """
    product = ExpressionWrapper(
        F(column) * 1000, output_field=DecimalField(max_digits=15, decimal_places=0)
    )
    return Cast(Round(product), BigIntegerField())
