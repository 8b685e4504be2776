"""Querysets whose SQL the ORM compiles once and that then run with new values.

Compiling a query of many columns with JSON subqueries takes longer than running it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, QuerySet

# A column under its own name. Shorter SQL: psycopg parses statements of over 4,096 characters each time.
SAME_NAME = re.compile(r'\."(\w+)" AS "\1"')


class BindParam(Expression):
    """A named placeholder in a compiled query. Each run gives a value of the type of `column`."""

    def __init__(self, name: str, column: Field[Any, Any]) -> None:
        super().__init__(output_field=column)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class CompiledQuery:
    """The SQL of a queryset with `BindParam` placeholders, and the converters of its columns."""

    def __init__(self, queryset: QuerySet[Any, Any], using: str) -> None:
        self.using = using
        self.compiler: Any = queryset.query.get_compiler(using)
        sql, self.params = self.compiler.as_sql()
        self.sql: str = SAME_NAME.sub(r'."\1"', sql)
        expressions = [expression for expression, _, _ in self.compiler.select]
        self.converters = self.compiler.get_converters(expressions)

    def bind(self, values: dict[str, Any]) -> list[Any]:
        """Return the parameters of a run."""
        connection = connections[self.using]
        return [
            param.output_field.get_db_prep_value(values[param.name], connection)
            if isinstance(param, BindParam)
            else param
            for param in self.params
        ]

    def run(self, **values: Any) -> Sequence[Any]:
        """Return the rows that these values find, as tuples."""
        return self.fetch(self.sql, self.bind(values))

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
        self, page: str, params: Sequence[Any], extra: Sequence[str] = ()
    ) -> Sequence[Any]:
        """Return the rows whose `id` the SQL of `page` selects, in its order, with its `extra` columns."""
        names = "".join(f', page."{name}"' for name in extra)
        sql = (  # made of what the ORM compiled and of names, never of values
            f"{self.select}{names} FROM {self.table} INNER JOIN "
            f"(SELECT ids.*, ROW_NUMBER() OVER () AS place FROM ({page}) ids) page "
            f'ON page."id" = {self.table}."id" ORDER BY page.place'
        )
        return self.fetch(sql, (*self.params, *params))
