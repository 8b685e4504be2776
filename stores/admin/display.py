"""Format values for lists and pages."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

EMPTY = "–"
DOT = (
    '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true">'
    '<circle cx="4" cy="4" r="4" fill="{}"/></svg>'
)


def chip(name: str, color: str = "", kind: str = "") -> SafeString:
    """Return a framed word with a coloured dot. The dot is SVG, because the CSP refuses inline styles."""
    dot = format_html(DOT, color) if color else ""
    return format_html('<span class="chip {}">{}{}</span>', kind, dot, name)


def amount(value: Any, currency: str = "") -> str:
    """Return an amount of money such as `1,234.50`, after its currency if that is given."""
    return EMPTY if value is None else f"{currency} {value:,.2f}".strip()
