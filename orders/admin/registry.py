"""Registers the pages of orders and what belongs to them."""

from orders.admin import (
    credit_checks,
    letter_settings,
    letter_texts,
    letters,
    orders,
    payment_methods,
)
from orders.admin.reports import pages

__all__ = [
    "credit_checks",
    "letter_settings",
    "letter_texts",
    "letters",
    "orders",
    "pages",
    "payment_methods",
]
