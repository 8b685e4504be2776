"""Format values for lists and pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.numbers import currency_digits, number_format
from stores.models import Store

EMPTY = "–"
DOT = (
    '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true">'
    '<circle cx="4" cy="4" r="4" fill="{}"/></svg>'
)


def chip(name: str, color: str = "", kind: str = "") -> SafeString:
    """Return a framed word with a coloured dot. The dot is SVG, because the CSP refuses inline styles."""
    dot = format_html(DOT, color) if color else ""
    return format_html('<span class="chip {}">{}{}</span>', kind, dot, name)


def number(value: Any, currency: str = "", country: str = "") -> str:
    """Return an amount such as `1,234.50`, as the country writes it, in the digits of the currency."""
    if value is None:
        return EMPTY
    exact = Decimal(value)
    return number_format(country).write(exact, currency_digits(exact, currency))


def amount(value: Any, currency: str = "", country: str = "") -> str:
    """Return an amount such as `AUD 1,234.50`: after its currency, if that is given."""
    return EMPTY if value is None else f"{currency} {number(value, currency, country)}".strip()


def store_amount(value: Any, store: Store) -> str:
    """Return an amount in the currency of a store, as its country writes numbers."""
    return amount(value, store.currency, store.country)


def store_number(value: Any, store: Store) -> str:
    """Return an amount as `store_amount` does, without the currency: it stands beside."""
    return number(value, store.currency, store.country)


def points(value: Any, store: Store) -> str:
    """Return a number of points, which have no currency: places only where it has some."""
    exact = Decimal(value)
    is_whole = exact == exact.to_integral_value()
    return number_format(store.country).write(exact, 0 if is_whole else currency_digits(exact, ""))


def signed(value: Decimal, text: str) -> str:
    """Return the text of a value with a plus, if the value is positive."""
    return f"+{text}" if value > 0 else text
