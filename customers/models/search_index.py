"""The search indexes of SQLite, tables of their own that triggers keep."""

from __future__ import annotations

from django.db import connection

INDEXES = ("customers_search", "customers_words_search")
OPTIMIZE = "INSERT INTO {0} ({0}) VALUES ('optimize')"


def rewrite_search_indexes() -> None:
    """Leave out the parts of words that no customer has any more; the indexes only mark them as gone.

    It takes a second for 100,000 customers. The indexes of PostgreSQL are ones of columns and need nothing.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for index in INDEXES:
                cursor.execute(OPTIMIZE.format(index))
