"""The condition that a key is one of a long list, which is passed as one parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import Exact

JSON_VALUES = "(SELECT value FROM json_each(%s))"


class InKeys(Exact):
    """`= ANY` with an array on PostgreSQL, a table of JSON on SQLite. Keys of any number are one parameter."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, _ = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [self.rhs]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        column, _ = self.process_lhs(compiler, connection)
        return f"{column} IN {JSON_VALUES}", [json.dumps(self.rhs)]


def in_keys(column: str, keys: Iterable[int]) -> Q:
    return Q(InKeys(F(column), sorted(keys)))
