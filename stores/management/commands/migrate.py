"""Django's `migrate`, which also runs on a distributed database."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from stores.distribution.schema import DistributedSchemaEditor

IS_DISTRIBUTED = "SELECT to_regclass('citus_tables') IS NOT NULL"
# One machine after the other, so that a transaction may change tables of stores and then those of the
# coordinator. Triggers of the book look at their own row only, so they may stand on every part of a table.
SETTINGS = {"citus.multi_shard_modify_mode": "sequential", "citus.enable_unsafe_triggers": "on"}


class Command(migrate.Command):
    """New tables of a distributed database get no foreign keys here: with one they could not be distributed,
    and Django's name ids alone. `manage.py distribute` prints the rest, keys included."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection: Any = connections[options["database"]]
        if not is_distributed(connection):
            super().handle(*args, **options)
            return
        connection.features.supports_foreign_keys = False
        connection.SchemaEditorClass = DistributedSchemaEditor
        execute(connection, *(f"SET {name} = '{value}'" for name, value in SETTINGS.items()))
        try:
            super().handle(*args, **options)
        finally:
            del connection.features.supports_foreign_keys, connection.SchemaEditorClass
        execute(connection, *(f"RESET {name}" for name in SETTINGS))
        self.stdout.write(
            "Run `manage.py distribute` now: new tables and keys are not distributed yet."
        )


def execute(connection: Any, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def is_distributed(connection: Any) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(IS_DISTRIBUTED)
        return bool(cursor.fetchone()[0])
