"""Insert rows with SQL that the ORM compiles once for each set of columns that have a value.

Compiling the INSERT of a wide table takes longer than PostgreSQL takes to run it.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery

from stores.database.compiled import BindParam
from stores.database.plans import CACHE_SIZE


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
    sql = compile_insert(model, tuple(field for field, _ in filled), using)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(value, connection) for field, value in filled])
        (instance.pk,) = cursor.fetchone()
    instance._state.adding, instance._state.db = False, using


@lru_cache(maxsize=CACHE_SIZE)
def compile_insert(model: type[Model], columns: tuple[Field[Any, Any], ...], using: str) -> str:
    row: Any = SimpleNamespace(**{field.attname: BindParam(field.name, field) for field in columns})
    query = InsertQuery(model)
    query.insert_values(columns, [row], raw=True)
    compiler = query.get_compiler(using)
    compiler.returning_fields = model._meta.db_returning_fields
    sql: str = compiler.as_sql()[0][0]
    return sql
