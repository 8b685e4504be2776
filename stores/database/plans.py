"""Lazy querysets: those made by the same calls are compiled to SQL only once.

Building a queryset and compiling its SQL takes the ORM longer than the database takes to answer. The queries
of a list differ from request to request in their values only. So a `Plan` records the calls of queryset
methods and, apart from them, the values; calls that are known already find their SQL in a cache.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.db import connections, router
from django.db.models import (
    BigIntegerField,
    BinaryField,
    DateField,
    DateTimeField,
    Field,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)

from stores.database.compiled import BindParam, CompiledQuery, bind

Method = TypeVar("Method", bound=Callable[..., Any])
CACHE_SIZE = 1024  # different queries; only combinations of filters could make more
FIELDS: dict[type, Field[Any, Any]] = {
    int: BigIntegerField(),
    str: TextField(),
    bytes: BinaryField(),
    datetime: DateTimeField(),
    date: DateField(),
    uuid.UUID: UUIDField(),
}


def plannable(method: Method) -> Method:
    """Mark a queryset method that a `Plan` may record.

    Such a method must pass its positional arguments on to the ORM without looking at them, for they may be
    placeholders. Keyword arguments are part of the SQL, not values.
    """
    method.is_plannable = True  # type: ignore[attr-defined]
    return method


@dataclass(frozen=True)
class Call:
    """A recorded call of a queryset method: its fixed arguments, its options, and the types of its values."""

    name: str
    fixed: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    types: tuple[type, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A queryset of a model that is not built yet.

    It records calls of `plannable` methods, `order_by` and one slice. Any other method builds the queryset
    and is called on that.
    """

    model: type[Model]
    calls: tuple[Call, ...] = ()
    values: tuple[Any, ...] = ()
    low: int = 0
    high: int | None = None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.model._default_manager, name, None)
        return (
            partial(self._add_call, name)
            if hasattr(method, "is_plannable")
            else getattr(self.build(), name)
        )

    def _add_call(self, name: str, *values: Any, **options: Any) -> Plan:
        if unknown := {type(value) for value in values} - set(FIELDS):
            raise TypeError(
                f"{name}() takes {unknown} in a queryset only: a plan has no field for it."
            )
        call = Call(name, options=tuple(options.items()), types=tuple(map(type, values)))
        return replace(self, calls=(*self.calls, call), values=self.values + values)

    def order_by(self, *columns: str) -> Plan:
        return replace(self, calls=(*self.calls, Call("order_by", fixed=columns)))

    def all(self) -> Plan:
        return self

    def __getitem__(self, cut: slice) -> Plan:
        if not isinstance(cut, slice) or self.low or self.high is not None:
            raise TypeError("A plan is cut once, and by a slice.")
        return replace(self, low=cut.start or 0, high=cut.stop)

    @property
    def db(self) -> str:
        return router.db_for_read(self.model)

    def build(self) -> QuerySet[Any, Any]:
        """Return the queryset that this plan stands for."""
        rows = build_queryset(self.model, self.calls, self.values)
        return rows[self.low : self.high] if self.low or self.high is not None else rows

    @property
    def store_id(self) -> int | None:
        """The store that `for_store` was called with, or None."""
        values = iter(self.values)
        arguments = [(call.name, [next(values) for _ in call.types]) for call in self.calls]
        return next((args[0] for name, args in arguments if name == "for_store"), None)

    # --- run

    def sql(self, *columns: str) -> tuple[str, list[Any]]:
        """Return the SELECT of these columns, and its parameters."""
        compiled = compile_plan(self.model, self.calls, columns, self.db)
        sql, params = compiled.sql, bind(compiled.params, self.named_values, compiled.using)
        if self.high is not None:
            sql = f"{sql} LIMIT {self.high - self.low}"
        if self.low:
            return f"{sql} OFFSET %s", [*params, self.low]
        return sql, params

    @property
    def named_values(self) -> dict[str, Any]:
        return {str(number): value for number, value in enumerate(self.values)}

    def column(self, name: str) -> list[Any]:
        """Return the values of one column."""
        compiled = compile_plan(self.model, self.calls, (name,), self.db)
        return [value for (value,) in compiled.fetch(*self.sql(name))]

    def instances(self) -> list[Any]:
        """Return the rows as instances of the model."""
        names = tuple(field.attname for field in self.model._meta.concrete_fields)
        compiled = compile_plan(self.model, self.calls, names, self.db)
        rows = compiled.fetch(*self.sql(*names))
        return [self.model.from_db(self.db, names, values) for values in rows]

    def first(self) -> Any:
        """Return the first row as an instance of the model, or None."""
        return next(iter(self[:1].instances()), None)

    def count(self) -> int:
        unordered = replace(self, calls=tuple(s for s in self.calls if s.name != "order_by"))
        sql, params = unordered.sql("pk")
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) found", params)  # noqa: S608
            number: int = cursor.fetchone()[0]
            return number


def build_queryset(
    model: type[Model], calls: tuple[Call, ...], values: Sequence[Any]
) -> QuerySet[Any, Any]:
    """Make these calls on the model's default manager, with the values as arguments."""
    rows, rest = model._default_manager.all(), list(values)
    for call in calls:
        arguments, rest = rest[: len(call.types)], rest[len(call.types) :]
        rows = getattr(rows, call.name)(*call.fixed, *arguments, **dict(call.options))
    return rows


@lru_cache(maxsize=CACHE_SIZE)
def compile_plan(
    model: type[Model], calls: tuple[Call, ...], columns: tuple[str, ...], using: str
) -> CompiledQuery:
    types = [kind for call in calls for kind in call.types]
    values = [BindParam(str(number), FIELDS[kind]) for number, kind in enumerate(types)]
    return CompiledQuery(build_queryset(model, calls, values).values_list(*columns), using)
