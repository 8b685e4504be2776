"""Insert rows with SQL that the ORM compiles once for each set of columns that have a value.

Compiling the INSERT of a wide table takes longer than PostgreSQL takes to run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import compress
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

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
    values = [column.pre_save(instance, True) for column in columns_of(model)]
    form = insert_form(model, tuple([value is not None for value in values]), using)
    filled = [value for value in values if value is not None]
    with connection.cursor() as cursor:
        cursor.execute(form.sql, to_params(form, filled, connection))
        (instance.pk,) = cursor.fetchone()
    instance._state.adding, instance._state.db = False, using


@lru_cache(maxsize=CACHE_SIZE)
def columns_of(model: type[Model]) -> Columns:
    """Return all columns but the key."""
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


def to_params(form: InsertForm, values: Iterable[Any], connection: Any) -> list[Any]:
    """Return the parameters for values of columns. The ORM makes those whose value is not native already."""
    return [
        value if type(value) is native else column.get_db_prep_save(value, connection)
        for column, value, native in zip(form.columns, values, form.natives, strict=True)
    ]


class InsertForm(NamedTuple):
    """The INSERT of some columns, and the types of values that the drivers take as they are."""

    sql: str
    columns: Columns
    natives: list[type | None]


@lru_cache(maxsize=CACHE_SIZE)
def insert_form(model: type[Model], filled: tuple[bool, ...], using: str) -> InsertForm:
    """Return the INSERT of the columns that have a value.

    The cache's key is made of flags: a key made of fields would call a method of each to hash it.
    """
    columns = tuple(compress(columns_of(model), filled))
    natives = [native_type(column) for column in columns]
    return InsertForm(compile_insert(model, columns, using), columns, natives)


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
