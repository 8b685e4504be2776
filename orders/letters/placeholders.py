"""Names in braces in the texts of letters, which stand for facts of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from stores.errors import Invalid

PLACEHOLDERS = {
    "customer": "the customer's name",
    "store": "the store's name",
    "balance": "what is owed",
    "overdue": "what is overdue",
    "first": "the first day of the statement",
    "last": "the last day of the statement",
    "days": "the days since the oldest due day",
    "orders": "the open orders, a line each",
    "how_to_pay": "how to pay, from the letter settings",
}


def check_placeholders(field: str, text: str) -> None:
    """Raise Invalid `placeholder` for a name in braces that stands for nothing, or a brace alone."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Invalid("placeholder", field, known=known) from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or spec or conversion):
            raise Invalid("placeholder", field, known=known)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with its facts. Each is written as it is, whatever braces it has."""
    pieces: list[str] = []
    for literal, name, _, _ in Formatter().parse(text):
        pieces += [literal, facts[name] if name else ""]
    return "".join(pieces)
