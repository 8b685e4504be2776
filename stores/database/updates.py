"""Updates that the ORM compiles once and that then run with new values, such as adding to a counter."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import Model
from django.db.models.sql import UpdateQuery

from stores.database.compiled import BIGINT, BindParam, bind


class CompiledUpdate:
    """Set `columns` of the row that a store and a `key` name. Its expressions may hold a `BindParam`."""

    def __init__(self, model: type[Model], key: str, **columns: Any) -> None:
        self.model, self.key, self.columns = model, key, columns
        self._compile = cache(self._compile_for)

    def run(self, store_id: int, key: Any, **values: Any) -> bool:
        """Return False when there is no such row."""
        using = router.db_for_write(self.model)
        sql, params = self._compile(using)
        values |= {"store": store_id, "key": key}
        with connections[using].cursor() as cursor:
            cursor.execute(sql, bind(params, values, using))
            return bool(cursor.rowcount)

    def _compile_for(self, using: str) -> tuple[str, tuple[Any, ...]]:
        key = BindParam("key", self.model._meta.get_field(self.key))  # type: ignore[arg-type]
        rows = self.model._default_manager.filter(
            store=BindParam("store", BIGINT), **{self.key: key}
        )
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(self.columns)
        sql, params = query.get_compiler(using).as_sql()
        return sql, tuple(params)
