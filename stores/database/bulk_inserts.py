"""Insert many rows with one statement, whose SQL is made of the compiled one of a single row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from types import NoneType
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from stores.database.inserts import compile_insert, native_type
from stores.database.json_fields import AnyField

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
    values = {field: values_of(field, instances) for field in fields}
    filled = [field for field in fields if any(value is not None for value in values[field])]
    params = [params_of(field, values[field], connections[using]) for field in filled]
    size = MAX_PARAMETERS // len(filled)
    return [
        PreparedInsert(
            instances[part : part + size],
            statement(model, tuple(filled), min(size, len(instances) - part), using),
            list(chain.from_iterable(zip(*(p[part : part + size] for p in params), strict=True))),
            using,
        )
        for part in range(0, len(instances), size)
    ]


def values_of(field: AnyField, instances: Sequence[Model]) -> list[Any]:
    """Return the value of a column in each instance."""
    if type(field).pre_save is Field.pre_save:
        return list(map(attrgetter(field.attname), instances))
    return [field.pre_save(instance, True) for instance in instances]


def params_of(field: AnyField, values: list[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """Return the values as the driver takes them. Most are texts and numbers, which it takes as they are."""
    native = native_type(field)
    if native and {*map(type, values)} <= {native, NoneType}:
        return values
    return [as_text(field.get_db_prep_save(value, connection)) for value in values]


def statement(model: type[Model], columns: tuple[AnyField, ...], count: int, using: str) -> str:
    """Return the SQL that writes so many rows of these columns, and reads their primary keys."""
    head, values, tail = compile_insert(model, columns, using).partition(" VALUES ")
    group, returning, key = tail.partition(" RETURNING ")
    return f"{head}{values}{', '.join([group] * count)}{returning}{key}"


def as_text(param: Any) -> Any:
    """Return JSON as text: the driver would make it only while the statement runs."""
    dumps = getattr(param, "dumps", None)
    return dumps(param.obj) if dumps else param
