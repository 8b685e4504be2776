"""The refusals that violated constraints of stores stand for, by the name of the constraint."""

from __future__ import annotations

from collections.abc import Callable

from stores.errors import DomainError, Invalid

CONSTRAINT_REFUSALS: dict[str, Callable[[], DomainError]] = {
    "api_key_has_name": lambda: Invalid("required", "name"),
}
