"""Errors for violated constraints of orders, by the name of the constraint."""

from __future__ import annotations

from collections.abc import Callable

from stores.errors import Conflict, DomainError, Invalid

CONSTRAINT_REFUSALS: dict[str, Callable[[], DomainError]] = {
    "order_amounts_not_negative": lambda: Invalid("not_negative", "total"),
    "order_total_adds_up": lambda: Invalid("total", "total"),
    "order_external_id_once": lambda: Conflict("order_id_taken", "external_id"),
    "order_paid_within_total": lambda: Conflict("over_paid", "amount"),
    "line_quantity_positive": lambda: Invalid("positive", "items"),
    "line_discount_within_price": lambda: Invalid("total", "items"),
    "line_price_not_negative": lambda: Invalid("not_negative", "items"),
    "line_credited_within_quantity": lambda: Conflict("changed_meanwhile"),
    "payment_voided_once": lambda: Conflict("voided"),
    "payment_method_once": lambda: Conflict("method_exists", "name"),
    "letter_reminder_once": lambda: Conflict("reminded_already"),
    "letter_text_once": lambda: Conflict("letter_text_exists", "level"),
    "letter_settings_once": lambda: Conflict("letter_settings_exist", "store"),
    "payment_amount_positive": lambda: Invalid("positive", "amount"),
}
