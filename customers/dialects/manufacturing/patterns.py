"""LIKE as this wire's clients know it, the same on both engines: `%`, `_`, and no regard to case."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLCompiler

Compiled = Any  # SQL and its parameters: the stubs type them differently for each engine


class Like(Func):
    """A text matches a pattern as a whole."""

    arity = 2
    arg_joiner = " LIKE "
    template = r"(%(expressions)s ESCAPE '\')"
    output_field = BooleanField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        return self.as_sql(compiler, connection, arg_joiner=" ILIKE ", **context)


class UnicodeLower(Lower):
    """Of all letters: those of SQLite, its LIKE too, are the ASCII ones. Both small sigmas are one letter."""

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        template = "REPLACE(LOWER(%(expressions)s), 'ς', 'σ')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        return self.as_sql(compiler, connection, function="UNICODE_LOWER", **context)


class NumberText(Func):
    """A number as the wire writes it: without trailing zeros."""

    arity = 1
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        template = "trim_scale((%(expressions)s)::numeric)::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        # 15 digits hold every amount, and are exact in the double that SQLite keeps it in
        template = "printf('%%%%.15g', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


def like(text: F | Func, pattern: str) -> Q:
    """A backslash of the pattern is one, and escapes nothing."""
    wanted = Value(pattern.replace("\\", "\\\\"))
    if pattern.isascii():
        return Q(Like(text, wanted))
    # both by the database, which has other small letters than Python
    return Q(Like(UnicodeLower(text), UnicodeLower(wanted)))
