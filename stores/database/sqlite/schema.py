from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import schema
from django.db.models import Model

TRIGGERS_OF_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Keep the triggers of a table that a migration changes.

    SQLite changes most columns by making the table anew, which drops its triggers without a word. Here these
    keep the search index in step and the ledger append-only.
    """

    def _remake_table(self, model: type[Model], *args: Any, **options: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS_OF_TABLE, [model._meta.db_table])
            triggers = [sql for (sql,) in cursor.fetchall()]
        super()._remake_table(model, *args, **options)  # type: ignore[misc] # Django's own, not in the stubs
        for sql in triggers:
            self.execute(sql, params=None)
