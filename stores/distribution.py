"""The book on a distributed PostgreSQL (Citus): every store's rows together on one machine.

What becomes of a table is read off its model:

- one whose rows all carry a store, and whose unique keys all name it, is distributed by store;
- one that distributed tables refer to, or that carries a store but holds for all of them together (its
  unique key spans stores), is a reference table: small, and whole on every machine;
- the others (staff, sessions, API keys, kept answers, migrations) stay local to the coordinator, because
  nothing distributed refers to them.

Citus takes a key of a distributed table only if the store is part of it. Primary keys therefore become
(store_id, id), and foreign keys between distributed tables (store_id, …_id) → (store_id, id), which also
has the database itself see to it that no row points into another store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, UniqueConstraint

from stores.models.base import TenantModel

Table = type[Model]
STORE = "store_id"


def spans_stores(model: Table) -> bool:
    """Whether a rule of the table is about several stores at once."""
    unique = [c for c in model._meta.total_unique_constraints if isinstance(c, UniqueConstraint)]
    return any("store" not in constraint.fields for constraint in unique)


def foreign_keys(model: Table) -> list[ForeignKey[Any]]:
    return [field for field in model._meta.local_fields if isinstance(field, ForeignKey)]


@dataclass(frozen=True)
class Distribution:
    """All tables, and how they are known to this database."""

    connection: Any
    models: tuple[Table, ...]

    @classmethod
    def of(cls, connection: Any) -> Distribution:
        every = apps.get_models(include_auto_created=True)
        return cls(connection, tuple(model for model in every if not model._meta.proxy))

    # --- which tables

    @cached_property
    def distributed(self) -> list[Table]:
        return [
            model
            for model in self.models
            if issubclass(model, TenantModel) and not spans_stores(model)
        ]

    @cached_property
    def references(self) -> list[Table]:
        own = set(self.distributed)
        named = {key.related_model for model in own for key in foreign_keys(model)} - own
        named |= {
            model for model in self.models if issubclass(model, TenantModel) and model not in own
        }
        return [model for model in self.models if model in named]

    @cached_property
    def local(self) -> list[Table]:
        return [m for m in self.models if m not in self.distributed and m not in self.references]

    # --- what is said

    def script(self) -> Iterator[str]:
        yield from self.primary_key_statements()
        yield ""
        yield from self.citus_statements()
        yield ""
        yield from self.foreign_key_statements()
        yield ""
        yield f"-- Local to the coordinator: {', '.join(map(table, self.local))}."

    def primary_key_statements(self) -> Iterator[str]:
        """Primary keys that begin with the store; the foreign keys that hold on to them go first."""
        for model, key in self.between:
            yield f"ALTER TABLE {table(model)} DROP CONSTRAINT {self.name_of(model, key.column)};"
        for model in self.distributed:
            name, pk = self.name_of(model), model._meta.pk.column
            yield f"ALTER TABLE {table(model)} DROP CONSTRAINT {name};"
            yield f"ALTER TABLE {table(model)} ADD CONSTRAINT {name} PRIMARY KEY ({STORE}, {pk});"
            yield f"CREATE INDEX {table(model)}_{pk} ON {table(model)} ({pk});"  # for joins on it alone

    def citus_statements(self) -> Iterator[str]:
        """What only Citus knows. Tables that others refer to come before these."""
        yield "CREATE EXTENSION IF NOT EXISTS citus;"
        yield "SET citus.multi_shard_modify_mode = 'sequential';"
        yield "-- The ledger's trigger looks at its own row only, so it may stand on every part of the table."
        yield "SET citus.enable_unsafe_triggers = on;"
        yield "-- Whole on every machine: the others refer to it, or its rule is about all stores at once."
        for model in self.references:
            yield f"SELECT create_reference_table('{table(model)}');"
        yield "-- Each store's rows together on one machine."
        together = ""
        for model in self.in_order():
            yield f"SELECT create_distributed_table('{table(model)}', '{STORE}'{together});"
            together = together or f", colocate_with => '{table(model)}'"

    def foreign_key_statements(self) -> Iterator[str]:
        """The foreign keys again, with the store in them."""
        for model, key in self.between:
            if model in self.references:
                yield f"-- {table(model)}.{key.column}: reference tables cannot refer to distributed ones."
                continue
            name, target = self.name_of(model, key.column), key.related_model
            yield (
                f"ALTER TABLE {table(model)} ADD CONSTRAINT {name} FOREIGN KEY ({STORE}, {key.column})"
                f" REFERENCES {table(target)} ({STORE}, {key.target_field.column})"
                " DEFERRABLE INITIALLY DEFERRED;"
            )

    @cached_property
    def between(self) -> list[tuple[Table, ForeignKey[Any]]]:
        """The foreign keys that lead to distributed tables."""
        return [
            (model, key)
            for model in self.models
            for key in foreign_keys(model)
            if key.related_model in self.distributed
        ]

    def in_order(self) -> list[Table]:
        """The distributed tables, each after those that it refers to."""
        left, done = list(self.distributed), list[Table]()
        while left:
            ready = [m for m in left if not self.needs(m) & (set(left) - {m})]
            done += ready
            left = [model for model in left if model not in ready]
        return done

    def needs(self, model: Table) -> set[Table]:
        return {key.related_model for key in foreign_keys(model)} & set(self.distributed)

    # --- names that the database gave

    def name_of(self, model: Table, column: str = "") -> str:
        """The constraint that is the foreign key of this column, or else the primary key."""
        for name, constraint in self.constraints[table(model)].items():
            if is_key(constraint, column) if column else constraint["primary_key"]:
                return name
        raise LookupError(f"{table(model)} has no key {column}: migrate first, distribute once.")

    @cached_property
    def constraints(self) -> dict[str, dict[str, Any]]:
        introspection = self.connection.introspection
        with self.connection.cursor() as cursor:
            return {
                table(model): introspection.get_constraints(cursor, table(model))
                for model in (*self.distributed, *self.references)
            }


def is_key(constraint: dict[str, Any], column: str) -> bool:
    return constraint["foreign_key"] is not None and constraint["columns"] == [column]


def table(model: Table) -> str:
    return model._meta.db_table
