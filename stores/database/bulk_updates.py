"""Update many rows with one statement, each with values of its own.

Django's `bulk_update` writes a CASE for each column, which takes many times as long to compile and to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Field

from stores.database.batches import in_parts

BATCH_SIZE = 1_000  # rows of one statement


def update_many(rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Write these columns of rows that are saved already. All are of one model and one store."""
    for part in in_parts(rows, BATCH_SIZE):
        update_part(part, columns)


def update_part(rows: Sequence[Any], columns: Sequence[str]) -> None:
    model: Any = type(rows[0])
    connection = connections[router.db_for_write(model, instance=rows[0])]
    fields = [model._meta.pk, *(model._meta.get_field(name) for name in columns)]
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement(connection, model, fields, len(rows)), [*values, rows[0].store_id])


def statement(connection: Any, model: Any, fields: Sequence[Field[Any, Any]], number: int) -> str:
    quote, is_postgresql = connection.ops.quote_name, connection.vendor == "postgresql"
    # PostgreSQL takes the types of all rows from the first one.
    first = ", ".join(f"%s::{one.db_type(connection)}" if is_postgresql else "%s" for one in fields)
    other = ", ".join(["%s"] * len(fields))
    tuples = ", ".join([f"({first})", *[f"({other})"] * (number - 1)])
    key, *names = (quote(one.column) for one in fields)
    assigned = ", ".join(f"{name} = new.column{at}" for at, name in enumerate(names, 2))
    return (
        f"UPDATE {quote(model._meta.db_table)} AS stored SET {assigned} FROM (VALUES {tuples}) AS new"  # noqa: S608
        f" WHERE stored.store_id = %s AND stored.{key} = new.column1"
    )
