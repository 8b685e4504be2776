"""Rows of a model as plain dicts, each with the rows of its child tables in it, read by one query.

Columns, their JSON and their defaults are derived from the model's fields; an app only declares what belongs
together. The same rows are kept as JSON in events: `ReadModel.from_snapshot` reads these back, also when the
models had other columns on the day of the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import router
from django.db.models import BigIntegerField, Model, OuterRef, QuerySet, Subquery

from stores.database.compiled import BindParam, CompiledQuery, CompiledTable, bind, named_store
from stores.database.json_fields import (
    AnyField,
    JsonRows,
    default_value,
    field_at,
    json_expression,
    json_parser,
    parse_json,
)
from stores.database.plans import Plan

Row = dict[str, Any]
Rows: TypeAlias = "QuerySet[Any, Any]"
# The store of a row's children: a placeholder for its value, or the row's own where it can be any store's.
# A distributed database finds the machine by a value only.
StoreExpression: TypeAlias = "BindParam | OuterRef"


def columns_of(model: type[Model], *, leave_out: Iterable[str] = ()) -> dict[str, str]:
    """Return all columns of a model as keys of a row, with the lookups that select them."""
    names = [field.attname for field in model._meta.concrete_fields]
    return {name: name for name in names if name not in leave_out}


@dataclass(frozen=True)
class Child:
    """A table whose rows belong to a row of another one, which its foreign key `parent` names.

    `lookups` maps the keys of a row to lookups of the model. Keys with a dot, such as `zone.name`, make a
    dict `zone` in the row, which is None when all its values are. Rows are sorted by `order`, own columns.
    """

    model: type[Model]
    parent: str
    lookups: Mapping[str, str]
    order: tuple[str, ...] = ("id",)

    @cached_property
    def fields(self) -> dict[str, AnyField]:
        return {key: field_at(self.model, lookup) for key, lookup in self.lookups.items()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Keys of a whole row."""
        return tuple(dict.fromkeys(key.partition(".")[0] for key in self.lookups))

    def keys_of(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the keys that these columns are read by, those that sort the rows first."""
        wanted = set(columns)
        keys = [key for key in self.lookups if key.partition(".")[0] in wanted]
        return tuple(dict.fromkeys((*self.order, *keys)))

    def subquery(self, keys: Iterable[str], store: StoreExpression) -> Subquery:
        """Return these keys of the rows that belong to the outer row, as JSON."""
        rows = self.model._default_manager.filter(**{self.parent: OuterRef("pk")}, store=store)
        values = [json_expression(self.fields[key], self.lookups[key]) for key in keys]
        return Subquery(rows.order_by().annotate(rows=JsonRows(*values)).values("rows"))

    def parser(self, keys: tuple[str, ...]) -> Callable[[str], list[Row]]:
        """Return what turns the JSON of `subquery` into sorted rows."""
        parsers = [
            (index, parser)
            for index, key in enumerate(keys)
            if (parser := json_parser(self.fields[key]))
        ]
        groups = nested_keys(keys)

        def parse(text: str) -> list[Row]:
            rows = sorted(orjson.loads(text))
            for values in rows:
                for index, parser in parsers:
                    if values[index] is not None:
                        values[index] = parser(values[index])
            dicts = [dict(zip(keys, values, strict=True)) for values in rows]
            return [nest(row, groups) for row in dicts] if groups else dicts

        return parse

    def from_json(self, stored: Mapping[str, Any] | None) -> Row | None:
        """Return the row that was kept as JSON, as it would be read today."""
        if stored is None:
            return None
        return nest(restore(self.fields, flatten(stored, self.groups)), self.groups)

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        return nested_keys(tuple(self.lookups))


def nested_keys(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys with a dot, such as `zone.name`, by what is before it."""
    groups: dict[str, tuple[str, ...]] = {}
    for key in keys:
        group, dot, _ = key.partition(".")
        if dot:
            groups[group] = (*groups.get(group, ()), key)
    return groups


def nest(row: Row, groups: Mapping[str, tuple[str, ...]]) -> Row:
    for group, keys in groups.items():
        values = {key.partition(".")[2]: row.pop(key) for key in keys}
        row[group] = values if any(value is not None for value in values.values()) else None
    return row


def flatten(row: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> Row:
    flat = dict(row)
    for group, keys in groups.items():
        values = flat.pop(group, None)
        for key in keys:
            name = key.partition(".")[2]
            if values is None:
                flat[key] = None
            elif name in values:
                flat[key] = values[name]
    return flat


def restore(fields: Mapping[str, AnyField], stored: Mapping[str, Any]) -> Row:
    """Return the row that these JSON values stand for.

    What an older release did not write gets the field's default; what the model no longer has is dropped.
    """
    return {
        name: parse_json(field, stored[name]) if name in stored else default_value(field)
        for name, field in fields.items()
    }


class ReadModel:
    """The columns and children of a model's rows.

    `children` are lists of rows in it, `selected` are values of other tables, made by functions of the
    store, `documents` are columns that hold the row of a `Child` as JSON.
    """

    def __init__(
        self,
        model: type[Model],
        children: Mapping[str, Child],
        *,
        leave_out: Iterable[str] = (),
        selected: Mapping[str, tuple[Callable[[StoreExpression], Subquery], AnyField]]
        | None = None,
        documents: Mapping[str, Child] | None = None,
    ) -> None:
        self.model, self.children = model, dict(children)
        self.selected, self.documents = dict(selected or {}), dict(documents or {})
        own = columns_of(model, leave_out=leave_out)
        self.fields = {name: field_at(model, name) for name in own}
        self.fields |= {name: field for name, (_, field) in self.selected.items()}
        self.columns = tuple(self.fields)
        self.full = self.spec(self.columns, **{name: c.columns for name, c in children.items()})

    def spec(self, columns: Iterable[str], **children: Iterable[str]) -> RowSpec:
        """Return what reads these columns, and these columns of children; a child not named is not read."""
        return RowSpec(self, tuple(columns), {name: tuple(c) for name, c in children.items()})

    def from_json(self, name: str, value: Any) -> Any:
        """Return a column's value that was kept as JSON."""
        return parse_json(self.fields[name], value) if name in self.fields else value

    def from_snapshot(self, snapshot: Mapping[str, Any]) -> Row:
        """Return the row that an event's snapshot was made from."""
        row = restore(self.fields, snapshot)
        for name, child in self.documents.items():
            row[name] = child.from_json(row[name])
        for name, child in self.children.items():
            row[name] = [child.from_json(stored) for stored in snapshot.get(name, ())]
        return row


class RowSpec:
    """Columns of a `ReadModel` and of its children, and the SQL that reads them, which is compiled once."""

    def __init__(
        self, source: ReadModel, columns: tuple[str, ...], children: dict[str, tuple[str, ...]]
    ) -> None:
        self.source = source
        self.keys = {name: source.children[name].keys_of(names) for name, names in children.items()}
        self.parsers = {name: source.children[name].parser(k) for name, k in self.keys.items()}
        self.documents = [name for name in source.documents if name in columns]
        self.columns = columns
        self.names = (*columns, *(f"{name}_json" for name in self.keys))
        self._tables: dict[Any, CompiledTable] = {}
        self._finders: dict[Any, CompiledQuery] = {}

    def rows(self, page: Rows | Plan) -> list[Row]:
        """Return the rows of a queryset in its order, with the annotations it has of its own."""
        extra: tuple[str, ...] = ()
        if isinstance(page, Plan):
            store_id = page.store_id
            sql, params = page.sql("id")
        else:
            store_id = named_store(page.query)
            extra = tuple(page.query.annotation_select)
            try:
                sql, params = page.values_list("id", *extra).query.get_compiler(page.db).as_sql()
            except EmptyResultSet:
                return []
        names, table = (*self.names, *extra), self.table(page.db, store_id is not None)
        return [
            self.parse(dict(zip(names, values, strict=True)))
            for values in table.run_page(sql, params, extra, store_id)
        ]

    def find(self, scope: Callable[[], Rows], **key: Any) -> Row | None:
        """Return the one row with these values of columns, such as `uid` or `id`, or None.

        `scope` says among which rows to look; pass the same function each time, since its SQL is kept.
        """
        using = router.db_for_read(self.source.model)
        finder = (scope, using, *key)
        if finder not in self._finders:
            params = {name: BindParam(name, field_at(self.source.model, name)) for name in key}
            found = self.select(scope().filter(**params), params.get("store"))
            self._finders[finder] = CompiledQuery(found, using)
        compiled = self._finders[finder]
        rows = compiled.fetch(compiled.sql, bind(compiled.params, key, compiled.using))
        return self.parse(dict(zip(self.names, rows[0], strict=True))) if rows else None

    def table(self, using: str, has_store: bool) -> CompiledTable:
        """Return what reads all rows of the table, or those of one store."""
        if (using, has_store) not in self._tables:
            every = self.source.model._default_manager.all()
            store = BindParam("store", BigIntegerField()) if has_store else None
            self._tables[using, has_store] = CompiledTable(self.select(every, store), using)
        return self._tables[using, has_store]

    def select(self, rows: Rows, store: BindParam | None) -> Rows:
        annotations = self.annotations(store or OuterRef("store"))
        selected: Rows = rows.annotate(**annotations).values_list(*self.names)
        return selected.order_by()

    def annotations(self, store: StoreExpression) -> dict[str, Subquery]:
        children = {
            f"{name}_json": self.source.children[name].subquery(keys, store)
            for name, keys in self.keys.items()
        }
        return children | {
            name: query(store)
            for name, (query, _) in self.source.selected.items()
            if name in self.columns
        }

    def parse(self, row: Row) -> Row:
        """Parse the children and documents of a row from JSON."""
        for name, parser in self.parsers.items():
            text = row.pop(f"{name}_json")
            row[name] = parser(text) if text else []
        for name in self.documents:
            row[name] = self.source.documents[name].from_json(row[name])
        return row
