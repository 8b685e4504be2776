"""Compare rows with what is expected of them, and say how they differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal

from customers.money import plain_amount
from orders.verification.moved_rows import Values


def compare(words: str, expected: dict[uuid.UUID, Values], rows: list[Values]) -> Iterator[str]:
    recorded = {row["uid"]: row for row in rows}
    for uid in sorted(expected.keys() | recorded.keys()):
        name, wanted, actual = words.format(uid=uid), expected.get(uid), recorded.get(uid)
        if wanted is None:
            yield f"{name} has no entry"
        elif actual is None:
            yield f"{name} is missing"
        else:
            for column, value in wanted.items():
                if actual[column] != value:
                    said = f"{column} is {as_text(actual[column])}"
                    yield f"{name}: {said}, its entries say {as_text(value)}"


def as_text(value: object) -> str:
    """Return the value for a message. Amounts that differ never look the same."""
    return plain_amount(value) if isinstance(value, Decimal) else str(value)
