"""Refusals of the book: those that every app shares, and what its constraints stand for."""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Field, UniqueConstraint

from stores.errors import Conflict, DomainError, Invalid, NotFound, Stale

__all__ = [
    "CONSTRAINTS",
    "Conflict",
    "DomainError",
    "Invalid",
    "NotFound",
    "Stale",
    "constraint_name",
    "refusal_of",
]


CONSTRAINTS: dict[str, Callable[[], DomainError]] = {
    "customer_email_once": lambda: Conflict("email_taken", "email"),
    "login_email_once": lambda: Conflict("email_taken", "email"),
    "tag_has_name": lambda: Invalid("required", "name"),
    "tag_name_once": lambda: Conflict("tag_exists", "name"),
    "address_external_id_once": lambda: Invalid("external_id_taken", "addresses"),
    "address_one_default": lambda: Conflict("changed_meanwhile"),
    "address_one_billing": lambda: Conflict("changed_meanwhile"),
    "contact_one_primary": lambda: Conflict("changed_meanwhile"),
    "customer_tag_once": lambda: Conflict("changed_meanwhile"),
    "customer_credit_limit_not_negative": lambda: Invalid("not_negative", "credit_limit"),
    "customer_points_not_negative": lambda: Conflict("changed_meanwhile"),
    "customer_discount_rate_range": lambda: Invalid("range", "discount_rate", low=0, high=100),
    "customer_price_adjustment_range": lambda: Invalid(
        "range", "price_adjustment", low=-100, high=1000
    ),
    "customer_minimums_not_negative": lambda: Invalid("not_negative", "minimum_charge_amount"),
    "customer_gender_known": lambda: Invalid("choice", "gender"),
    "entry_amount_not_zero": lambda: Invalid("zero", "amount"),
    "order_amounts_not_negative": lambda: Invalid("not_negative", "total"),
    "order_total_adds_up": lambda: Invalid("total", "total"),
    "order_paid_within_total": lambda: Conflict("over_paid", "amount"),
    "line_quantity_positive": lambda: Invalid("positive", "items"),
    "line_price_not_negative": lambda: Invalid("not_negative", "items"),
    "payment_amount_positive": lambda: Invalid("positive", "amount"),
}


def refusal_of(error: IntegrityError) -> DomainError | None:
    """The refusal that a violated constraint stands for, or None for one that no caller can cause."""
    found = CONSTRAINTS.get(constraint_name(error))
    return found() if found else None


def constraint_name(error: IntegrityError) -> str:
    """PostgreSQL names the constraint; SQLite names it, its index, or only its columns."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    text = str(error).partition(" constraint failed: ")[2]
    if text.startswith("index "):
        return text[len("index ") :].strip("'")
    return unique_by_columns().get(text, text)


def unique_by_columns() -> dict[str, str]:
    """Names of unique constraints by SQLite's `table.column, table.column`; of the same columns the last."""
    found = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                table, names = model._meta.db_table, constraint.fields
                fields = [model._meta.get_field(name) for name in names]
                columns = [
                    f"{table}.{field.column}" for field in fields if isinstance(field, Field)
                ]
                found[", ".join(columns)] = constraint.name
    return found
