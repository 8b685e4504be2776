"""LIKE with `%` and `_`, without regard to case, and the same on both engines."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Lower


class Like(Func):
    """True when a pattern matches the whole text."""

    arity = 2
    arg_joiner = " LIKE "
    template = r"(%(expressions)s ESCAPE '\')"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, arg_joiner=" ILIKE ", **context)


class UnicodeLower(Lower):
    """Lower case of all letters. SQLite's own LOWER and LIKE know ASCII letters only.

    Both small sigmas count as one letter.
    """

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "REPLACE(LOWER(%(expressions)s), 'ς', 'σ')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="UNICODE_LOWER", **context)


class NumberText(Func):
    """A number as text, without trailing zeros, as this dialect writes numbers."""

    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "trim_scale((%(expressions)s)::numeric)::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite keeps amounts in doubles; 15 digits are exact there and hold every amount
        template = "printf('%%%%.15g', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


def like(text: F | Func, pattern: str) -> Q:
    """Return the condition that a text matches a pattern. A backslash in it is an ordinary character."""
    escaped = Value(pattern.replace("\\", "\\\\"))
    if pattern.isascii():
        return Q(Like(text, escaped))
    # the database lowers both, since its rules of case differ from those of Python
    return Q(Like(UnicodeLower(text), UnicodeLower(escaped)))
