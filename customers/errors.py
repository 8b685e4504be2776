"""What the domain refuses, in stable codes; each dialect finds its own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import UniqueConstraint


class DomainError(Exception):
    """A refusal: a stable `code`, the neutral `field` it is about ("" for none), and `data` for wording.

    `field` may be a path such as `addresses.1.id`; its first part is a field's neutral name.
    """

    def __init__(self, code: str, field: str = "", **data: Any) -> None:
        super().__init__(code, field)
        self.code, self.field, self.data = code, field, data


class Invalid(DomainError):
    """A value that cannot be taken as it is."""


class Conflict(DomainError):
    """A value or wish that the present state of the book does not allow."""


class NotFound(DomainError):
    """Nothing by that id in this store."""

    def __init__(self, code: str = "not_found", field: str = "", **data: Any) -> None:
        super().__init__(code, field, **data)


class Stale(DomainError):
    """The row has moved on since the version the caller knows; `data["current"]` is the version it has."""

    def __init__(self, current: int) -> None:
        super().__init__("stale", current=current)


class Several(Exception):
    """More than one refusal of one request, for dialects that list them all."""

    def __init__(self, errors: list[DomainError]) -> None:
        super().__init__(errors)
        self.errors = errors


CONSTRAINTS: dict[str, Callable[[], DomainError]] = {
    "customer_email_once": lambda: Conflict("email_taken", "email"),
    "login_email_once": lambda: Conflict("email_taken", "email"),
    "tag_name_once": lambda: Conflict("tag_exists", "name"),
    "address_external_id_once": lambda: Invalid("external_id_taken", "addresses"),
    "address_one_default": lambda: Conflict("changed_meanwhile"),
    "address_one_billing": lambda: Conflict("changed_meanwhile"),
    "contact_one_primary": lambda: Conflict("changed_meanwhile"),
    "customer_tag_once": lambda: Conflict("changed_meanwhile"),
    "customer_credit_limit_not_negative": lambda: Invalid("not_negative", "credit_limit"),
    "customer_points_not_negative": lambda: Conflict("too_few_points", "amount"),
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
    """Names of the unconditional unique constraints by SQLite's `table.column, table.column`."""
    found = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                columns = [model._meta.get_field(name).column for name in constraint.fields]
                table = model._meta.db_table
                found[", ".join(f"{table}.{column}" for column in columns)] = constraint.name
    return found
