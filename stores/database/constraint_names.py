"""The name of the constraint that a statement violated, on both engines."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import Error
from django.db.models import Field, UniqueConstraint

IN_MESSAGE = re.compile(r'constraint "(\w+)"')
PART_NUMBER = re.compile(r"_\d{6,}$")


def constraint_name(error: Error) -> str:
    """PostgreSQL names the constraint; SQLite names it, its index, or only its columns.

    Citus appends the number of the part of the table. Where the part is on another machine, the name is in the
    message only.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        named = IN_MESSAGE.search(str(error))
        name = diagnosis.constraint_name or (named[1] if named else "")
        return PART_NUMBER.sub("", name)
    text = str(error).partition(" constraint failed: ")[2]
    index = text.removeprefix("index ")
    return index.strip("'") if index != text else unique_by_columns().get(text, text)


def unique_by_columns() -> dict[str, str]:
    """Names of unique constraints by SQLite's `table.column, table.column`; of the same columns the last."""
    found = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                table, names = model._meta.db_table, constraint.fields
                fields = [model._meta.get_field(name) for name in names]
                columns = [
                    f"{table}.{field.column}" for field in fields if isinstance(field, Field)
                ]
                found[", ".join(columns)] = constraint.name
    return found
