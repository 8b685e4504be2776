"""Django's `migrate`, which also runs on a distributed database."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

IS_DISTRIBUTED = "SELECT to_regclass('citus_tables') IS NOT NULL"


class Command(migrate.Command):
    """New tables of a distributed database get no foreign keys here: with one they could not be distributed,
    and Django's name ids alone. `manage.py distribute` prints the rest, keys included."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection: Any = connections[options["database"]]
        if not is_distributed(connection):
            super().handle(*args, **options)
            return
        connection.features.supports_foreign_keys = False
        try:
            super().handle(*args, **options)
        finally:
            del connection.features.supports_foreign_keys
        self.stdout.write(
            "Run `manage.py distribute` now: new tables and keys are not distributed yet."
        )


def is_distributed(connection: Any) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(IS_DISTRIBUTED)
        return bool(cursor.fetchone()[0])
