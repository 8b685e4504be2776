"""Errors for violated constraints of privacy, by the name of the constraint."""

from __future__ import annotations

from collections.abc import Callable

from stores.errors import Conflict, DomainError

CONSTRAINT_REFUSALS: dict[str, Callable[[], DomainError]] = {
    "erasure_once": lambda: Conflict("changed_meanwhile"),
    "retention_rule_once": lambda: Conflict("rule_exists"),
}
