"""Reads whose SQL the ORM compiles once and that then run with new parameters.

Compiling a query of many columns with JSON subqueries costs more than running it. The columns and the
children of a row are always the same; only the small query of ids, which says which rows and in what order,
differs from request to request. So the large SELECT is compiled once a process and joined to the query of ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Func, QuerySet, TextField

from stores.database.plans import CompiledQuery, Plan

Row = dict[str, Any]


class JsonRows(Func):
    """These values of all rows of a subquery, as a JSON array of arrays: half the work of objects.

    Order is the reader's business: engines differ in it.
    """

    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        template = "json_agg(json_build_array(%(expressions)s))::text"
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler, connection, **context):
        template = "json_group_array(json_array(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)


class CompiledRows:
    """Columns and annotations of one table, to be read for any page of its rows.

    `build` gives a queryset of the whole table, `names` what to select from it, in order.
    """

    def __init__(self, build: Callable[[], QuerySet], names: tuple[str, ...]) -> None:
        self.build, self.names = build, names
        self._selects: dict[str, CompiledSelect] = {}

    def rows(self, page: QuerySet | Plan) -> Iterator[Row]:
        """The rows of a queryset in its order, with the annotations it has of its own."""
        if isinstance(page, Plan):
            for values in self.select(page.db).run(*page.sql("id")):
                yield dict(zip(self.names, values, strict=True))
            return
        extra = tuple(page.query.annotation_select)
        ids = page.values_list("id", *extra).query.get_compiler(page.db)
        try:
            sql, params = ids.as_sql()
        except EmptyResultSet:
            return
        names = (*self.names, *extra)
        for values in self.select(page.db).run(sql, params, extra):
            yield dict(zip(names, values, strict=True))

    def select(self, using: str) -> CompiledSelect:
        if using not in self._selects:
            self._selects[using] = CompiledSelect(
                self.build().values_list(*self.names).order_by(), using
            )
        return self._selects[using]


class CompiledSelect:
    """The SELECT that is compiled once, its parameters, and the converters of its columns."""

    def __init__(self, queryset: QuerySet, using: str) -> None:
        self.using = using
        self.compiler = queryset.query.get_compiler(using)
        sql, self.params = self.compiler.as_sql()
        self.table = connections[using].ops.quote_name(queryset.model._meta.db_table)
        self.select = sql.rpartition(f" FROM {self.table}")[0]
        expressions = [expression for expression, _, _ in self.compiler.select]
        self.converters = self.compiler.get_converters(expressions)

    def run(self, page: str, params: Sequence[Any], extra: tuple[str, ...] = ()) -> Iterable[Any]:
        own = "".join(f', page."{name}"' for name in extra)
        sql = (  # made of what the ORM compiled and of names, never of values
            f"{self.select}{own} FROM {self.table} INNER JOIN "
            f"(SELECT ids.*, ROW_NUMBER() OVER () AS place FROM ({page}) ids) page "
            f'ON page."id" = {self.table}."id" ORDER BY page.place'
        )
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql, (*self.params, *params))
            found = cursor.fetchall()
        if not self.converters:
            return found
        return self.compiler.apply_converters(found, self.converters)


class CompiledRow:
    """The row that a queryset with `BindParam` placeholders finds; it must find one row at most."""

    def __init__(self, build: Callable[[], QuerySet], names: tuple[str, ...]) -> None:
        self.build, self.names = build, names
        self._compiled: dict[str, CompiledQuery] = {}

    def find(self, using: str, **values: Any) -> Row | None:
        if using not in self._compiled:
            queryset = self.build().values_list(*self.names).order_by()
            self._compiled[using] = CompiledQuery(queryset, using)
        found = self._compiled[using].run(**values)
        return dict(zip(self.names, found[0], strict=True)) if found else None
