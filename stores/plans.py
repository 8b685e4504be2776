"""Querysets put off, so that those made by equal steps are compiled once.

To build a queryset and to write its SQL takes the ORM longer than the database takes to answer. What lists
ask for again and again differs in values only; a plan keeps the steps and the values apart.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from django.db import connections, router
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    Expression,
    Field,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)

# a column under its own name; psycopg parses statements of over 4,096 characters each time
SAME_NAME = re.compile(r'\."(\w+)" AS "\1"')
KEPT = 1024  # shapes of queries; only what filters combine could make more
COLUMNS: dict[type, Field] = {
    int: BigIntegerField(),
    str: TextField(),
    datetime: DateTimeField(),
    date: DateField(),
    uuid.UUID: UUIDField(),
}


class Given(Expression):
    """Stands in a compiled query for a value of this column, which each run gives under this name."""

    def __init__(self, name: str, column: Field) -> None:
        super().__init__(output_field=column)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Compiled:
    """The SQL of a queryset with `Given` values, and what turns the values it selects into Python's."""

    def __init__(self, queryset: QuerySet, using: str) -> None:
        self.using = using
        self.compiler = queryset.query.get_compiler(using)
        sql, self.params = self.compiler.as_sql()
        self.sql = SAME_NAME.sub(r'."\1"', sql)
        expressions = [expression for expression, _, _ in self.compiler.select]
        self.converters = self.compiler.get_converters(expressions)

    def bind(self, given: dict[str, Any]) -> list[Any]:
        """The parameters of a run."""
        connection = connections[self.using]
        return [
            param.output_field.get_db_prep_value(given[param.name], connection)
            if isinstance(param, Given)
            else param
            for param in self.params
        ]

    def run(self, **given: Any) -> Sequence[Any]:
        """The rows that these values find, as tuples of what is selected."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, self.bind(given))
            return self.convert(cursor.fetchall())

    def convert(self, found: list[Any]) -> Sequence[Any]:
        if not self.converters:
            return found
        return list(self.compiler.apply_converters(found, self.converters))


def step(method: Callable) -> Callable:
    """Marks a queryset's method that a plan may take: it hands its arguments on and never looks at them.

    Keyword arguments are part of the plan's shape, not values.
    """
    method.is_step = True  # type: ignore[attr-defined]
    return method


@dataclass(frozen=True)
class Step:
    """A call of a queryset's method: what is always the same in it, and the types of its values."""

    name: str
    same: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    types: tuple[type, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A queryset of a model that is not built yet.

    It takes the steps of the model's queryset, order and cuts; with any other method it becomes the queryset.
    """

    model: type[Model]
    steps: tuple[Step, ...] = ()
    values: tuple[Any, ...] = ()
    low: int = 0
    high: int | None = None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.model._default_manager, name, None)
        return (
            partial(self._then, name) if hasattr(method, "is_step") else getattr(self.build(), name)
        )

    def _then(self, name: str, *values: Any, **options: Any) -> Plan:
        if unknown := {type(value) for value in values} - set(COLUMNS):
            raise TypeError(
                f"{name}() takes {unknown} in a queryset only: a plan has no column for it."
            )
        taken = Step(name, options=tuple(options.items()), types=tuple(map(type, values)))
        return replace(self, steps=(*self.steps, taken), values=self.values + values)

    def order_by(self, *columns: str) -> Plan:
        return replace(self, steps=(*self.steps, Step("order_by", same=columns)))

    def all(self) -> Plan:
        return self

    def __getitem__(self, cut: slice) -> Plan:
        if not isinstance(cut, slice) or self.low or self.high is not None:
            raise TypeError("A plan is cut once, and by a slice.")
        return replace(self, low=cut.start or 0, high=cut.stop)

    @property
    def db(self) -> str:
        return router.db_for_read(self.model)

    def build(self) -> QuerySet:
        """The queryset itself."""
        found = follow(self.model, self.steps, self.values)
        return found[self.low : self.high] if self.low or self.high is not None else found

    # --- run

    def sql(self, *columns: str) -> tuple[str, list[Any]]:
        """The SELECT of these columns, and its parameters."""
        compiled = compile_plan(self.model, self.steps, columns, self.db)
        sql, params = compiled.sql, compiled.bind(self.given)
        if self.high is not None:
            sql = f"{sql} LIMIT {self.high - self.low}"
        if self.low:
            return f"{sql} OFFSET %s", [*params, self.low]
        return sql, params

    @property
    def given(self) -> dict[str, Any]:
        return {str(number): value for number, value in enumerate(self.values)}

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        compiled = compile_plan(self.model, self.steps, (name,), self.db)
        found = self._fetch(*self.sql(name))
        return [value for (value,) in compiled.convert(found)]

    def instances(self) -> list[Any]:
        """The rows as instances of the model."""
        names = tuple(field.attname for field in self.model._meta.concrete_fields)
        compiled = compile_plan(self.model, self.steps, names, self.db)
        found = compiled.convert(self._fetch(*self.sql(*names)))
        return [self.model.from_db(self.db, names, values) for values in found]

    def first(self) -> Any:
        """The first row as an instance of the model, or None."""
        return next(iter(self[:1].instances()), None)

    def count(self) -> int:
        unordered = replace(self, steps=tuple(s for s in self.steps if s.name != "order_by"))
        sql, params = unordered.sql("pk")
        return self._fetch(f"SELECT COUNT(*) FROM ({sql}) found", params)[0][0]  # noqa: S608

    def _fetch(self, sql: str, params: list[Any]) -> list[Any]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


def follow(model: type[Model], steps: tuple[Step, ...], values: Sequence[Any]) -> QuerySet:
    """The queryset that steps lead to, with these values in them."""
    found, left = model._default_manager.all(), list(values)
    for taken in steps:
        mine, left = left[: len(taken.types)], left[len(taken.types) :]
        found = getattr(found, taken.name)(*taken.same, *mine, **dict(taken.options))
    return found


@lru_cache(maxsize=KEPT)
def compile_plan(
    model: type[Model], steps: tuple[Step, ...], columns: tuple[str, ...], using: str
) -> Compiled:
    types = [kind for taken in steps for kind in taken.types]
    values = [Given(str(number), COLUMNS[kind]) for number, kind in enumerate(types)]
    return Compiled(follow(model, steps, values).values_list(*columns), using)
