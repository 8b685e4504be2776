"""Print the SQL that distributes the book over several PostgreSQL servers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from stores.distribution.script import Script
from stores.distribution.tables import Distribution


class Command(BaseCommand):
    help = (
        "Print the SQL that distributes a migrated book by store over a Citus cluster. It puts the store"
        " first in keys, and creates reference tables and distributed tables. It leaves out what is"
        " distributed already. The command itself changes nothing. Try the SQL on a copy that nothing else"
        " uses: `psql -v ON_ERROR_STOP=1 -f …`."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL can be distributed: set DATABASE_URL.")
        try:
            lines = list(Script(connection, Distribution.of_all_apps()).lines())
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines))
