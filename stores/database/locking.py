"""Lock one row and load it, with SQL that the ORM compiles once for each kind of condition.

Compiling a SELECT of a wide table takes longer than the database takes to run it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, IsNull

from stores.database.compiled import BindParam, CompiledQuery
from stores.database.plans import CACHE_SIZE

OF_ROW = " FOR NO KEY UPDATE OF {}"  # others may insert rows that refer to it, as `no_key` allows


class LockQuery(NamedTuple):
    compiled: CompiledQuery
    columns: list[str]
    parent: Any  # its model
    parent_columns: list[str]


def lock_first(rows: QuerySet[Any], parent: str) -> Any:
    """Lock the first row of a queryset until the commit. Return it with its parent, or None."""
    conditions = conditions_of(rows.query)
    if conditions is None:
        locked = rows.select_for_update(of=("self",), no_key=True)
        return locked.select_related(parent).first()
    model: Any = rows.model
    using = router.db_for_write(model)
    query = compile_lock(model, parent, tuple(conditions), using)
    found = query.compiled.run(**conditions)
    if not found:
        return None
    values, width = found[0], len(query.columns)
    row = model.from_db(using, query.columns, values[:width])
    setattr(row, parent, query.parent.from_db(using, query.parent_columns, values[width:]))
    return row


def conditions_of(query: Any) -> dict[str, Any] | None:
    """Return values by the lookups that the query combines, or None when it does anything else."""
    where, conditions = query.where, dict[str, Any]()
    if where.connector != "AND" or where.negated or query.is_sliced:
        return None
    for child in where.children:
        is_simple = isinstance(child, Exact | IsNull) and isinstance(child.lhs, Col)
        if not is_simple or child.lhs.alias != query.base_table or hasattr(child.rhs, "as_sql"):
            return None
        suffix = f"__isnull={child.rhs}" if isinstance(child, IsNull) else ""
        conditions[f"{child.lhs.target.attname}{suffix}"] = child.rhs
    return conditions if len(conditions) == len(where.children) else None


@lru_cache(maxsize=CACHE_SIZE)
def compile_lock(
    model: type[Model], parent: str, conditions: tuple[str, ...], using: str
) -> LockQuery:
    parent_model: Any = model._meta.get_field(parent).related_model
    columns, parent_columns = (
        [field.attname for field in kind._meta.concrete_fields] for kind in (model, parent_model)
    )
    filters = dict(filter_of(model, name) for name in conditions)
    rows = model._default_manager.filter(**filters).order_by("pk")
    selected = (*columns, *(f"{parent}__{name}" for name in parent_columns))
    compiled = CompiledQuery(rows.values_list(*selected)[:1], using)
    if connections[using].vendor == "postgresql":
        compiled.sql += OF_ROW.format(connections[using].ops.quote_name(model._meta.db_table))
    return LockQuery(compiled, columns, parent_model, parent_columns)


def filter_of(model: type[Model], name: str) -> tuple[str, Any]:
    """Return a condition as an argument of `filter`, with a placeholder for its value."""
    column, _, is_null = name.partition("__isnull=")
    if is_null:
        return f"{column}__isnull", is_null == "True"
    field: Any = model._meta.get_field(column.removesuffix("_id"))
    return column, BindParam(name, field.target_field if field.is_relation else field)
