"""What the domain refuses, in stable codes; each dialect finds its own words."""

from __future__ import annotations

from typing import Any


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
