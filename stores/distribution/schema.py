"""Changes of tables that are distributed already, in statements that Citus takes."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor


class DistributedSchemaEditor(DatabaseSchemaEditor):
    """Adds a column and its CHECK, such as that of a positive number, with a statement each."""

    def add_field(self, model: Any, field: Any) -> None:
        self.sql_check_constraint = ""
        try:
            super().add_field(model, field)
        finally:
            del self.sql_check_constraint
        check = field.db_parameters(connection=self.connection)["check"]
        if check:
            editor: Any = self
            name = editor._create_index_name(model._meta.db_table, [field.column], suffix="_check")
            self.execute(editor._create_check_sql(model, name, check))
