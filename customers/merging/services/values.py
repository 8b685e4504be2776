"""Columns of a customer as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from customers.models import Customer

# They follow from the others, or are part of no person.
LEFT_OUT = frozenset({"id", "store_id", "search_text", "name_key"})
COLUMNS = [
    field.attname for field in Customer._meta.concrete_fields if field.attname not in LEFT_OUT
]


def columns_of(customer: Customer) -> dict[str, Any]:
    """Return all values of a customer as JSON knows them."""
    return {name: as_json(getattr(customer, name)) for name in COLUMNS}


def as_json(value: Any) -> Any:
    if isinstance(value, date):  # and times, with all their digits
        return value.isoformat()
    if isinstance(value, bool | int) or value is None:
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def from_json(name: str, values: Mapping[str, Any]) -> Any:
    """Return the value of a column as the model has it."""
    field: Any = Customer._meta.get_field(name)
    return values[name] if field.is_relation else field.to_python(values[name])
