"""Refuse amounts that their currency cannot have."""

from __future__ import annotations

from decimal import Decimal

from stores.currencies import digits_of
from stores.errors import Invalid


def require_digits(currency: str, amount: Decimal, field: str) -> None:
    """Raise Invalid `digits` for an amount with more decimal places than the currency's."""
    require_places(digits_of(currency), amount, field)


def require_places(digits: int, amount: Decimal, field: str) -> None:
    if amount != round(amount, digits):
        raise Invalid("digits", field, digits=digits)
