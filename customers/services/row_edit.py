"""What the edits of customers and of orders share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model


class RowEdit:
    """A row that is being changed: its columns as they are now, compared with how they were at first."""

    derived: ClassVar[frozenset[str]] = (
        frozenset()
    )  # columns that events leave out of their changes

    def __init__(self, row: Model) -> None:
        self._row = row
        self._was = columns(row)

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of all changed columns."""
        return {name: now for name, now in columns(self._row).items() if now != self._was[name]}

    def changed(self) -> list[str]:
        """Return the names of the changed columns, derived ones left out."""
        return [name for name in self.changed_values() if name not in self.derived]

    def before(self, names: list[str]) -> dict[str, Any]:
        """Return the values that these columns had at first."""
        return {name: self._was[name] for name in names if name in self._was}


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
