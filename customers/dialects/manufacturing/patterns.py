"""LIKE with `%` and `_`, without regard to case, and the same on both engines."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from customers.canonical import spellings

IN_NAME = r"^([^\n]*\t)?"  # the first line
IN_EMAIL = r"(^|\t|\n)(?=[^\t\n]*@)"
WILDCARDS = {"%": r"[^\t\n]*", "_": r"[^\t\n]"}


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


def like_spelling(start: str, pattern: str) -> Q:
    """Return the condition that a spelling in `search_text` matches a pattern.

    `search_text` has a line for each name, e-mail and phone, with tabs between its spellings. `start` is
    IN_NAME or IN_EMAIL: it matches what is before the spelling.
    """
    condition = Q()
    for spelling in filter(None, spellings(pattern)):
        regex = "".join(WILDCARDS.get(char) or re.escape(char) for char in spelling)
        condition |= Q(search_text__regex=rf"{start}{regex}(\t|\n|$)")
    return condition
