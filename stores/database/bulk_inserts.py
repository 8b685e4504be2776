"""Insert many rows with one statement, whose SQL is made of the compiled one of a single row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from stores.database.inserts import compile_insert

MAX_PARAMETERS = 30_000  # of one statement; SQLite and PostgreSQL take a few more


def insert_many(instances: Sequence[Model]) -> None:
    """Write new instances of one model, as `insert` does, with few statements."""
    if not instances:
        return
    model = type(instances[0])
    using = router.db_for_write(model, instance=instances[0])
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    rows = [[field.pre_save(instance, True) for field in fields] for instance in instances]
    filled = [at for at in range(len(fields)) if any(row[at] is not None for row in rows)]
    columns = tuple(fields[at] for at in filled)
    size = MAX_PARAMETERS // len(columns)
    for start in range(0, len(rows), size):
        part = [[row[at] for at in filled] for row in rows[start : start + size]]
        keys = insert_rows(model, columns, part, using)
        for instance, key in zip(instances[start : start + size], keys, strict=True):
            instance.pk = key
            instance._state.adding, instance._state.db = False, using


def insert_rows(
    model: type[Model], columns: tuple[Field[Any, Any], ...], rows: list[list[Any]], using: str
) -> list[Any]:
    """Write rows of these columns with one statement. Return their primary keys in the same order."""
    connection = connections[using]
    head, values, tail = compile_insert(model, columns, using).partition(" VALUES ")
    group, returning, key = tail.partition(" RETURNING ")
    sql = f"{head}{values}{', '.join([group] * len(rows))}{returning}{key}"
    pairs = chain.from_iterable(zip(columns, row, strict=True) for row in rows)
    params = [column.get_db_prep_save(value, connection) for column, value in pairs]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [pk for (pk,) in cursor.fetchall()]
