"""Prints what spreads the book over the machines of a distributed PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from stores.distribution import Distribution


class Command(BaseCommand):
    help = (
        "Print the SQL that distributes a migrated book by store over a Citus cluster: keys that begin with"
        " the store, reference tables, distributed tables. Changes nothing itself. Try it on a copy:"
        " `manage.py distribute | psql -v ON_ERROR_STOP=1 …`, while nothing uses the book."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only a book on PostgreSQL can be distributed: set DATABASE_URL.")
        try:
            lines = list(Distribution.of(connection).script())
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines))
