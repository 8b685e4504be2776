"""The SQL that distributes a book as it is: what is there already is left alone.

So it can be printed again after a migration with a new table, and for a restored dump, whose keys have the
store in them.

Citus takes a key of a distributed table only if the store is part of it. Primary keys therefore become
(store_id, id), and foreign keys between distributed tables (store_id, …_id) → (store_id, id), which also
has the database itself see to it that no row points into another store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import AutoField, ForeignKey

from stores.distribution.key_changes import STORE, KeyChange
from stores.distribution.tables import Distribution, Table, table
from stores.models import IdempotentRequest, SentForm

# Written in one transaction with a store's rows, without being a store's.
COMMITTED_WITH_STORES: tuple[Table, ...] = (SentForm, IdempotentRequest)


@dataclass(frozen=True)
class Script:
    connection: Any
    book: Distribution

    @cached_property
    def present(self) -> dict[str, str]:
        """How Citus knows each table already: `distributed`, `reference` or `local`."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('citus_tables')")
            if cursor.fetchone() == (None,):
                return {}
            cursor.execute("SELECT table_name::text, citus_table_type FROM citus_tables")
            return dict(cursor.fetchall())

    @cached_property
    def pending(self) -> list[Table]:
        """Tables that Citus does not know yet as what they are to be."""
        return [
            *(m for m in self.book.references if self.present.get(table(m)) != "reference"),
            *(m for m in self.book.in_order() if self.present.get(table(m)) != "distributed"),
        ]

    @cached_property
    def key_changes(self) -> list[KeyChange]:
        found = [self.key_change(model, key) for model, key in self.book.keys]
        return [change for change in found if change.is_needed]

    def key_change(self, model: Table, key: ForeignKey[Any]) -> KeyChange:
        target, is_spread = key.related_model, model in self.book.distributed
        columns = (STORE, key.column) if target in self.book.distributed else (key.column,)
        name = self.find_key(model, key.column)
        is_moved = is_spread and (model in self.pending or target in self.pending)
        is_right = bool(name) and self.constraints[table(model)][name]["columns"] == [*columns]
        return KeyChange(
            model,
            key,
            columns,
            name,
            is_wanted=is_spread or target not in self.book.distributed,
            is_right=is_right and not is_moved,
        )

    def lines(self) -> Iterator[str]:
        statements = [
            *(change.drop() for change in self.key_changes if change.name),
            *self.primary_key_statements(),
            *self.citus_statements(),
            *(line for change in self.key_changes for line in change.add()),
        ]
        if statements:
            yield from self.in_one_transaction([*statements, *self.next_ids()])
            yield from self.space_statements()
        else:
            yield "-- Nothing is missing."
        yield f"-- Local to the coordinator: {', '.join(map(table, self.book.local))}."

    def in_one_transaction(self, statements: list[str]) -> Iterator[str]:
        yield "\\set ON_ERROR_STOP on"
        yield "BEGIN;"
        yield "SET LOCAL citus.multi_shard_modify_mode = 'sequential';"
        yield "-- The ledger's trigger looks at its own row only, so it may stand on every part of the table."
        yield "SET LOCAL citus.enable_unsafe_triggers = on;"
        yield from statements
        yield "COMMIT;"

    def primary_key_statements(self) -> Iterator[str]:
        """Primary keys that begin with the store."""
        for model in self.book.distributed:
            pk = model._meta.pk.column
            name, columns = self.primary_key(model)
            if columns[0] == STORE:
                continue
            yield f"ALTER TABLE {table(model)} DROP CONSTRAINT {name};"
            yield f"ALTER TABLE {table(model)} ADD CONSTRAINT {name} PRIMARY KEY ({STORE}, {pk});"
            # for joins on it alone
            yield f"CREATE INDEX IF NOT EXISTS {table(model)}_{pk} ON {table(model)} ({pk});"

    def citus_statements(self) -> Iterator[str]:
        """What only Citus knows. Tables that others refer to come before these."""
        order = self.book.in_order()
        first = table(next((model for model in order if model not in self.pending), order[0]))
        for model in self.pending:
            if model in self.book.references:
                yield f"SELECT create_reference_table('{table(model)}');"
            else:
                together = "" if table(model) == first else f", colocate_with => '{first}'"
                yield f"SELECT create_distributed_table('{table(model)}', '{STORE}'{together});"
        if self.pending:
            yield from self.local_statements()

    def local_statements(self) -> Iterator[str]:
        """Tables of the coordinator that are written together with a store's rows: Citus has to know them, too,
        for all to be committed or nothing."""
        for model in COMMITTED_WITH_STORES:
            yield (
                f"SELECT citus_add_local_table_to_metadata('{table(model)}', cascade_via_foreign_keys => true)"
                " WHERE NOT EXISTS (SELECT FROM pg_dist_partition"
                f" WHERE logicalrelid = '{table(model)}'::regclass);"
            )

    def next_ids(self) -> Iterator[str]:
        """Set the ids of the coordinator's tables. Citus takes over those that refer to reference tables, also
        by a key that was just added, and lets their ids begin at 1 again."""
        for model in self.book.local:
            if isinstance(model._meta.pk, AutoField):
                yield next_id(table(model), str(model._meta.pk.column))

    def space_statements(self) -> Iterator[str]:
        """Frees what the coordinator still holds of the rows that went to other machines."""
        for model in self.pending:
            if model in self.book.distributed:
                yield f"SELECT truncate_local_data_after_distributing_table('{table(model)}');"

    def primary_key(self, model: Table) -> tuple[str, list[str]]:
        for name, constraint in self.constraints[table(model)].items():
            if constraint["primary_key"]:
                return name, constraint["columns"]
        raise LookupError(f"{table(model)} has no primary key: migrate first.")

    def find_key(self, model: Table, column: str) -> str:
        """The constraint that is the foreign key of this column, with or without the store; "" for none."""
        for name, constraint in self.constraints[table(model)].items():
            if constraint["foreign_key"] and constraint["columns"][-1] == column:
                return name
        return ""

    @cached_property
    def constraints(self) -> dict[str, dict[str, Any]]:
        introspection = self.connection.introspection
        with self.connection.cursor() as cursor:
            return {
                table(model): introspection.get_constraints(cursor, table(model))
                for model in self.book.models
            }


def next_id(name: str, column: str) -> str:
    """Let ids go on after the largest one, and never back."""
    sequence = f"pg_get_serial_sequence('{name}', '{column}')"
    largest = f"(SELECT max({column}) FROM {name})"
    return f"SELECT setval({sequence}, GREATEST({largest}, nextval({sequence})));"
