"""Serializer fields for the values of orders."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import empty

from customers.api.fields import Text
from customers.api.money_fields import Money


class BlankableText(Text):
    """Text where null means blank, for services that do not accept None."""

    def run_validation(self, data: Any = empty) -> str:
        text: str = super().run_validation("" if data is None else data)
        return text


class MoneyText(Money):
    """An amount. The OpenAPI document has it as text, as answers show it, so that it can be sent back."""

    json_schema = {"type": "string", "pattern": r"^[0-9]{1,11}(\.[0-9]{1,3})?$"}
