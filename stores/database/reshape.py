"""A migration operation that changes several columns and constraints of a table in one pass over its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DataError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import DecimalField, F, Model, Q
from django.db.models.functions import Round


class ReshapeTable(Operation):
    """Carry out `AlterField`, `AddConstraint` and `RemoveConstraint` of one model together.

    Each of them alone writes the whole table again, on SQLite always and on PostgreSQL for another scale.
    Columns keep their values: narrowing one that has decimal places in use is refused.
    """

    def __init__(self, model_name: str, operations: list[Operation]) -> None:
        self.model_name, self.operations = model_name, operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        before = from_state.apps.get_model(app_label, self.model_name)
        after = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, after):
            require_room(schema_editor, before, after)
            if schema_editor.connection.vendor == "sqlite":
                remake_on_sqlite(schema_editor, before, after)
            else:
                alter_on_postgresql(schema_editor, before, after)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Change columns and constraints of {self.model_name}"


def altered(
    editor: BaseDatabaseSchemaEditor, before: type[Model], after: type[Model]
) -> Iterator[tuple[Any, Any]]:
    """Yield the former and the new field of each column that changes its type."""
    for field in after._meta.local_concrete_fields:
        former = before._meta.get_field(field.name)
        if shape(former, editor) != shape(field, editor):
            yield former, field


def shape(field: Any, editor: BaseDatabaseSchemaEditor) -> tuple[Any, ...]:
    # SQLite has one type for decimals of all sizes.
    return field.db_type(editor.connection), getattr(field, "decimal_places", None)


def require_room(editor: BaseDatabaseSchemaEditor, before: type[Model], after: type[Model]) -> None:
    rows = before._default_manager.using(editor.connection.alias)
    for former, field in altered(editor, before, after):
        places = getattr(field, "decimal_places", 0)
        if not isinstance(former, DecimalField) or places >= former.decimal_places:
            continue
        rounded = Round(F(former.name), precision=places)
        below, above = (Q(**{f"{former.name}__{side}": rounded}) for side in ("lt", "gt"))
        if rows.filter(below | above).exists():
            column = f"{before._meta.db_table}.{former.column}"
            raise DataError(f"{column} has amounts with more than {places} decimal places.")


def remake_on_sqlite(editor: Any, before: type[Model], after: type[Model]) -> None:
    same_types = all(
        former.db_type(editor.connection) == field.db_type(editor.connection)
        for former, field in altered(editor, before, after)
    )
    if not same_types or before._meta.constraints != after._meta.constraints:
        editor._remake_table(after)


def alter_on_postgresql(editor: Any, before: type[Model], after: type[Model]) -> None:
    for constraint in missing(before, after):
        editor.remove_constraint(before, constraint)
    changes = [
        f"ALTER COLUMN {editor.quote_name(field.column)} TYPE {field.db_type(editor.connection)}"
        for _, field in altered(editor, before, after)
    ]
    if changes:
        table = editor.quote_name(after._meta.db_table)
        editor.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    for constraint in missing(after, before):
        editor.add_constraint(after, constraint)


def missing(model: type[Model], other: type[Model]) -> Iterable[Any]:
    """Return the constraints of a model that the other one does not have in this form."""
    return [c for c in model._meta.constraints if c not in other._meta.constraints]
