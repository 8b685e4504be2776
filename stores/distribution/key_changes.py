"""Foreign keys of a distributed book: between rows of a store they name the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey

from stores.distribution.tables import Table, table

STORE = "store_id"


@dataclass(frozen=True)
class KeyChange:
    """A foreign key, and whether it is dropped and what is added in its place.

    Those of distributed tables are dropped before they move. One that a migration left out is added.
    """

    model: Table
    key: ForeignKey[Any]
    columns: tuple[str, ...]
    name: str  # of the constraint that is there; "" for none
    is_wanted: bool  # False for one of a reference table, which cannot refer to a distributed one
    is_right: bool

    @property
    def is_needed(self) -> bool:
        return not self.is_right if self.is_wanted else bool(self.name)

    def drop(self) -> str:
        return f"ALTER TABLE {table(self.model)} DROP CONSTRAINT {self.name};"

    def add(self) -> Iterator[str]:
        if not self.is_wanted:
            name = f"{table(self.model)}.{self.key.column}"
            yield f"-- {name}: reference tables cannot refer to distributed ones."
            return
        target = [STORE, str(self.key.target_field.column)][-len(self.columns) :]
        yield (
            f"ALTER TABLE {table(self.model)} ADD CONSTRAINT {self.new_name}"
            f" FOREIGN KEY ({', '.join(self.columns)})"
            f" REFERENCES {table(self.key.related_model)} ({', '.join(target)})"
            " DEFERRABLE INITIALLY DEFERRED;"
        )

    @property
    def new_name(self) -> str:
        return self.name or f"{table(self.model)[:40]}_{self.key.column[:20]}_fk"
