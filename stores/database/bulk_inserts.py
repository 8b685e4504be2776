"""Insert many rows with one statement, whose SQL is made of the compiled one of a single row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from stores.database.inserts import compile_insert

MAX_PARAMETERS = 30_000  # of one statement; SQLite and PostgreSQL take a few more


@dataclass(frozen=True)
class PreparedInsert:
    """One statement with its parameters, and the instances that it writes."""

    instances: Sequence[Model]
    sql: str
    params: list[Any]
    using: str

    def run(self) -> None:
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            keys = cursor.fetchall()
        for instance, (key,) in zip(self.instances, keys, strict=True):
            instance.pk = key
            instance._state.adding, instance._state.db = False, self.using


def insert_many(instances: Sequence[Model]) -> None:
    """Write new instances of one model, as `insert` does, with few statements."""
    for prepared in prepare_inserts(instances):
        prepared.run()


def prepare_inserts(instances: Sequence[Model]) -> list[PreparedInsert]:
    """Do before the statements run what takes the longest, for a caller who then holds a lock."""
    if not instances:
        return []
    model = type(instances[0])
    using = router.db_for_write(model, instance=instances[0])
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    rows = [[field.pre_save(instance, True) for field in fields] for instance in instances]
    filled = [at for at in range(len(fields)) if any(row[at] is not None for row in rows)]
    columns = tuple(fields[at] for at in filled)
    size = MAX_PARAMETERS // len(columns)
    parts = range(0, len(rows), size)
    values = [[[row[at] for at in filled] for row in rows[part : part + size]] for part in parts]
    return [
        PreparedInsert(
            instances[part : part + size], *statement(model, columns, of_part, using), using
        )
        for part, of_part in zip(parts, values, strict=True)
    ]


def statement(
    model: type[Model], columns: tuple[Field[Any, Any], ...], rows: list[list[Any]], using: str
) -> tuple[str, list[Any]]:
    """Return the SQL and the parameters that write rows of these columns, and read their primary keys."""
    connection = connections[using]
    head, values, tail = compile_insert(model, columns, using).partition(" VALUES ")
    group, returning, key = tail.partition(" RETURNING ")
    sql = f"{head}{values}{', '.join([group] * len(rows))}{returning}{key}"
    pairs = chain.from_iterable(zip(columns, row, strict=True) for row in rows)
    return sql, [as_text(column.get_db_prep_save(value, connection)) for column, value in pairs]


def as_text(param: Any) -> Any:
    """Return JSON as text: the driver would make it only while the statement runs."""
    dumps = getattr(param, "dumps", None)
    return dumps(param.obj) if dumps else param
