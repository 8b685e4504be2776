"""Refusals of the domain in stable codes, and those that a violated constraint stands for.

Each app registers the constraints of its own models when Django starts. The words for a code are elsewhere: for
API clients in `customers/api/dialect.py`, for staff in `stores/admin/error_messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import Error

from stores.database.constraint_names import constraint_name


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


# Citus finds a broken foreign key only when a machine commits; nothing is committed then.
FAILED_COMMIT = "could not commit transaction for shard"
constraint_refusals: dict[str, Callable[[], DomainError]] = {}


def register_constraints(refusals: Mapping[str, Callable[[], DomainError]]) -> None:
    """Add an app's constraints, each by its name with the refusal that it stands for."""
    constraint_refusals.update(refusals)


def refusal_of(error: Error) -> DomainError | None:
    """Return the refusal that a violated constraint stands for, or None for one that no caller can cause."""
    if FAILED_COMMIT in str(error):
        return Conflict("changed_meanwhile")
    refusal = constraint_refusals.get(constraint_name(error))
    return refusal() if refusal else None
