"""LIKE as this wire's clients know it, the same on both engines: `%`, `_`, and no regard to case."""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, TextField, Value


class Like(Func):
    """A text matches a pattern as a whole. SQLite knows the case of ASCII letters only."""

    arity = 2
    arg_joiner = " LIKE "
    template = r"(%(expressions)s ESCAPE '\')"
    output_field = BooleanField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, arg_joiner=" ILIKE ", **context)


class NumberText(Func):
    """A number as the wire writes it: without trailing zeros."""

    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "trim_scale((%(expressions)s)::numeric)::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler, connection, **context):
        # 15 digits hold every amount, and are exact in the double that SQLite keeps it in
        template = "printf('%%%%.15g', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


def like(text: F | Func, pattern: str) -> Q:
    """A backslash of the pattern is one, and escapes nothing."""
    return Q(Like(text, Value(pattern.replace("\\", "\\\\"))))
