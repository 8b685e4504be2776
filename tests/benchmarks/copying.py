"""Fill a database fast: on PostgreSQL with COPY, and with indexes created afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model

NULL = r"\N"


class Table:
    """Rows of a model for COPY: each row gives the columns in `varying`, others are constant."""

    def __init__(self, model: type[Model], *varying: str, **constant: Any) -> None:
        self.model, self.lines = model, []
        fields = {field.attname: field for field in model._meta.concrete_fields}
        fixed = {name: field for name, field in fields.items() if name not in varying}
        columns = [fields[name].column for name in varying]
        columns += [field.column for field in fixed.values()]
        values = [constant.get(name, default_of(field)) for name, field in fixed.items()]
        tail = "".join(f"\t{text_of(value)}".replace("%", "%%") for value in values)
        self.template = "\t".join(["%s"] * len(varying)) + tail + "\n"
        quoted = ", ".join(f'"{column}"' for column in columns)
        self.into = f"{model._meta.db_table} ({quoted})"
        self.readers = [READERS.get(fields[name].get_internal_type()) for name in varying]
        self.readers += [READERS.get(field.get_internal_type()) for field in fixed.values()]

    def add(self, *values: Any) -> None:
        """Add a row of COPY values: numbers, or text without tabs and backslashes."""
        self.lines.append(self.template % values)

    def flush(self) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f"COPY {self.into} FROM STDIN") as copy:
                copy.write("".join(self.lines))
        else:
            self.insert()
        self.lines.clear()

    def insert(self) -> None:
        """Insert the same rows on SQLite."""
        places = ", ".join(["%s"] * len(self.readers))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.into} VALUES ({places})",  # names of the project's models
                [list(map(read, self.readers, line[:-1].split("\t"))) for line in self.lines],
            )


READERS: dict[str, Callable[[str], Any]] = {
    "BooleanField": lambda text: text in ("t", "True"),
    "UUIDField": lambda text: text.replace("-", ""),
    "BinaryField": lambda text: bytes.fromhex(text.removeprefix(r"\\x")),
    "DateTimeField": lambda text: text.replace("T", " ").removesuffix("+00:00"),
}


def read(reader: Callable[[str], Any] | None, text: str) -> Any:
    if text == NULL:
        return None
    return reader(text) if reader else text.replace(r"\n", "\n")


def default_of(field: Field) -> Any:
    if field.has_default():
        return field.get_default()
    return None if field.null else ""


def text_of(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return str(value)


def uid_at(moment: datetime, number: int) -> str:
    """Return a UUIDv7 of that time, equal for equal numbers."""
    stamp = int(moment.timestamp() * 1000)
    scattered = (number * 0x9E3779B97F4A7C15) & ((1 << 62) - 1)
    return str(uuid.UUID(int=stamp << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | scattered))


@contextmanager
def deferred_indexes(models: Iterable[type[Model]]) -> Iterator[None]:
    """Drop indexes without a constraint, and disable foreign keys; restore both at the end."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname "
            "NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        indexes = cursor.fetchall()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET statement_timeout = 0")
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")


def settle(models: Iterable[type[Model]]) -> None:
    """Set the sequences after the last key, and vacuum and analyze the tables."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            if isinstance(model._meta.pk, AutoField):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                    f"(SELECT COALESCE(MAX(id), 1) FROM {table}))"
                )
            cursor.execute(f"VACUUM ANALYZE {table}")
