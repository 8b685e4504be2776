"""Insert rows with SQL that the ORM compiles once for each set of columns that have a value.

Compiling the INSERT of a wide table takes longer than PostgreSQL takes to run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeAlias

from django.db import connections, router
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)
from django.db.models.sql import InsertQuery

from stores.database.compiled import BindParam
from stores.database.plans import CACHE_SIZE

Columns: TypeAlias = "tuple[Field[Any, Any], ...]"

# Types of values that the drivers take as they are, by the columns for them.
NATIVE_TYPES: tuple[tuple[type[Field[Any, Any]], type], ...] = (
    (CharField, str),
    (TextField, str),
    (BooleanField, bool),
    (IntegerField, int),
    (ForeignKey, int),
)


def insert(instance: Model) -> None:
    """Write an instance that has no key yet, as `save(force_insert=True)` does, but send no signals.

    Its attributes must be values, not expressions. Columns of None are left out.
    """
    model = type(instance)
    using = router.db_for_write(model, instance=instance)
    connection = connections[using]
    columns = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    values = [(field, field.pre_save(instance, True)) for field in columns]
    filled = [(field, value) for field, value in values if value is not None]
    filled_columns = tuple(field for field, _ in filled)
    sql = compile_insert(model, filled_columns, using)
    params = to_params(filled_columns, [value for _, value in filled], connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        (instance.pk,) = cursor.fetchone()
    instance._state.adding, instance._state.db = False, using


def to_params(columns: Columns, values: Iterable[Any], connection: Any) -> list[Any]:
    """Return the parameters for values of columns. The ORM makes those whose value is not native already."""
    return [
        value if type(value) is native else column.get_db_prep_save(value, connection)
        for column, value, native in zip(columns, values, native_types(columns), strict=True)
    ]


@lru_cache(maxsize=CACHE_SIZE)
def native_types(columns: Columns) -> list[type | None]:
    return [native_type(column) for column in columns]


def native_type(column: Field[Any, Any]) -> type | None:
    """Return the type of values that the drivers take as they are for this column."""
    return next((native for base, native in NATIVE_TYPES if isinstance(column, base)), None)


@lru_cache(maxsize=CACHE_SIZE)
def compile_insert(model: type[Model], columns: Columns, using: str) -> str:
    row: Any = SimpleNamespace(**{field.attname: BindParam(field.name, field) for field in columns})
    query = InsertQuery(model)
    query.insert_values(columns, [row], raw=True)
    compiler = query.get_compiler(using)
    compiler.returning_fields = model._meta.db_returning_fields
    sql: str = compiler.as_sql()[0][0]
    return sql
