"""Print the SQL that distributes the book over several PostgreSQL servers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from stores.distribution import Distribution


class Command(BaseCommand):
    help = (
        "Print the SQL that distributes a migrated book by store over a Citus cluster. It puts the store"
        " first in primary keys, and creates reference tables and distributed tables. The command itself"
        " changes nothing. Try the SQL on a copy that nothing else uses:"
        " `manage.py distribute | psql -v ON_ERROR_STOP=1 …`."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL can be distributed: set DATABASE_URL.")
        try:
            lines = list(Distribution.of(connection).script())
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines))
