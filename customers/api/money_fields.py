"""Serializer fields for money, percentages, points and quantities: exact, with a fixed number of places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from customers.money import RATE_DIGITS, parse_money
from stores.currencies import MAX_DIGITS, digits_of


class Money(serializers.Field[Decimal, Any, Any, Any]):
    """An amount as a JSON number or decimal text, with the digits of the store's currency."""

    most_digits = MAX_DIGITS
    has_fixed_digits = False  # whatever the currency
    default_error_messages = {
        "invalid": "Must be an amount with at most {digits} decimals, below 1000000000000.",
        "range": "Must be from {low} to {high}.",
        "low": "May not be less than {low}.",
    }

    def __init__(
        self, low: Decimal | int | None = None, high: Decimal | int | None = None, **options: Any
    ) -> None:
        self.low, self.high = low, high
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        store = self.context["store"]
        # Services check the digits where no store is known.
        is_fixed = self.has_fixed_digits or not store
        digits = self.most_digits if is_fixed else digits_of(store.currency)
        try:
            amount = parse_money(data, digits)
        except ValueError:
            self.fail("invalid", digits=digits)
        if self.high is not None and not (self.low or 0) <= amount <= self.high:
            self.fail("range", low=self.low or 0, high=self.high)
        if self.low is not None and amount < self.low:
            self.fail("low", low=self.low)
        return amount


class Percent(Money):
    """A percentage with at most two places, whatever the currency."""

    most_digits, has_fixed_digits = RATE_DIGITS, True


class Points(Percent):
    """An amount of points, with at most two places."""


class Quantity(Money):
    """A positive number of units, with at most three places."""

    has_fixed_digits = True
    json_schema = {"type": "number", "format": "double", "minimum": 0.001, "maximum": 10**6}

    def __init__(self, high: int, **options: Any) -> None:
        super().__init__(low=Decimal("0.001"), high=high, **options)
