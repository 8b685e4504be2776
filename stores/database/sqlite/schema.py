from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import schema
from django.db.models import Model

TRIGGERS_OF_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """A schema editor that keeps the triggers of a table when a migration changes it.

    Most changes of a column create the table again, which drops its triggers silently. In this project,
    triggers update the search index and keep the ledger append-only.
    """

    def _remake_table(self, model: type[Model], *args: Any, **options: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS_OF_TABLE, [model._meta.db_table])
            triggers = [sql for (sql,) in cursor.fetchall()]
        super()._remake_table(model, *args, **options)  # type: ignore[misc] # Django's own, not in the stubs
        for sql in triggers:
            self.execute(sql, params=None)
