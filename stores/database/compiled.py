"""Querysets whose SQL the ORM compiles once and that then run with new values.

Compiling a query of many columns with JSON subqueries takes longer than running it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Expression, Field, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

# A column under its own name. Shorter SQL: psycopg parses statements of over 4,096 characters each time.
SAME_NAME = re.compile(r'\."(\w+)" AS "\1"')


BIGINT: Field[Any, Any] = BigIntegerField()


class BindParam(Expression):
    """A named placeholder in a compiled query. Each run gives a value of the type of `column`."""

    def __init__(self, name: str, column: Field[Any, Any]) -> None:
        super().__init__(output_field=column)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def named_store(query: Any) -> Any:
    """Return the value that every row's `store_id` must have (an id or a placeholder), or None."""
    where = query.where
    if where.connector != "AND" or where.negated:
        return None
    for child in where.children:
        if isinstance(child, Exact) and isinstance(child.lhs, Col):
            column, is_own = child.lhs.target.column, child.lhs.alias == query.base_table
            if is_own and column == "store_id" and isinstance(child.rhs, int | BindParam):
                return child.rhs
    return None


def bind(params: Iterable[Any], values: Mapping[str, Any], using: str) -> list[Any]:
    """Return the parameters of a run: each `BindParam` replaced by its value."""
    connection = connections[using]
    return [
        param.output_field.get_db_prep_value(values[param.name], connection)
        if isinstance(param, BindParam)
        else param
        for param in params
    ]


class CompiledQuery:
    """The SQL of a queryset with `BindParam` placeholders, and the converters of its columns."""

    def __init__(self, queryset: QuerySet[Any, Any], using: str) -> None:
        self.using = using
        self.compiler: Any = queryset.query.get_compiler(using)
        sql, self.params = self.compiler.as_sql()
        self.sql: str = SAME_NAME.sub(r'."\1"', sql)
        expressions = [expression for expression, _, _ in self.compiler.select]
        self.converters = self.compiler.get_converters(expressions)

    def run(self, **values: Any) -> Sequence[Any]:
        """Return the rows that these values find, as tuples."""
        return self.fetch(self.sql, bind(self.params, values, self.using))

    def fetch(self, sql: str, params: Sequence[Any]) -> Sequence[Any]:
        """Run a variant of the query that selects the same columns."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[Any] = cursor.fetchall()
        if not self.converters:
            return rows
        return list(self.compiler.apply_converters(rows, self.converters))


class CompiledTable(CompiledQuery):
    """A SELECT of columns of a whole table, to be joined to a page: a small query that says which rows.

    Columns and children of a row are always the same. Only the page differs from request to request.
    """

    def __init__(self, queryset: QuerySet[Any, Any], using: str) -> None:
        super().__init__(queryset, using)
        self.table = connections[using].ops.quote_name(queryset.model._meta.db_table)
        self.select = self.sql.rpartition(f" FROM {self.table}")[0]

    def run_page(
        self,
        page: str,
        params: Sequence[Any],
        extra: Sequence[str] = (),
        store_id: int | None = None,
    ) -> Sequence[Any]:
        """Return the rows whose `id` the SQL of `page` selects, in its order, with its `extra` columns.

        The queryset has a `BindParam` named `store` if and only if the rows are of one store.
        """
        names = "".join(f', page."{name}"' for name in extra)
        # a cross join, because SQLite reads its tables from left to right: the page first
        sql = (  # made of what the ORM compiled and of names, never of values
            f"{self.select}{names} FROM (SELECT ids.*, ROW_NUMBER() OVER () AS place FROM ({page}) ids) page "
            f'CROSS JOIN {self.table} WHERE page."id" = {self.table}."id"'
        )
        params = [*bind(self.params, {"store": store_id}, self.using), *params]
        if store_id is not None:
            sql = f"{sql} AND {self.table}.store_id = %s"
            params.append(BIGINT.get_db_prep_value(store_id, connections[self.using]))
        return self.fetch(f"{sql} ORDER BY page.place", params)
