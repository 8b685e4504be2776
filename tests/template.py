"""A copy of the migrated, empty database, from which later test databases start.

Migrations take most of a minute. They run once, and again when they change; `migrate` still runs on each
copy, and finds nothing to do. On SQLite the copy is a file beside pytest's cache, on PostgreSQL a database.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import OperationalError
from psycopg.errors import DuplicateDatabase, UniqueViolation
from psycopg.sql import SQL, Identifier

from config.bootstrap import ROOT

FOLDER = ROOT / ".pytest_cache" / "template"
PREFIX = f"clientele_tests_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}_"


def schema_key() -> str:
    """Return a hash of everything the schema is made by: migrations, their operations, Django."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for app in ("customers", "orders", "stores"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts or path.is_relative_to(ROOT / "stores/database"):
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def starting_from_template() -> Iterator[None]:
    """Let Django create its test database from the copy, if there is one."""
    if connection.vendor == "sqlite":
        with loaded_into_memory(FOLDER / f"{schema_key()}.sqlite3"):
            yield
        return
    name = PREFIX + schema_key()
    if name in templates():
        connection.settings_dict["TEST"]["TEMPLATE"] = name
    yield


def keep_template() -> None:
    """Copy the test database that Django has just migrated, unless there is a copy."""
    if connection.vendor == "sqlite":
        keep_file(FOLDER / f"{schema_key()}.sqlite3")
    elif PREFIX + schema_key() not in templates():
        keep_database(PREFIX + schema_key())


# --- SQLite


@contextmanager
def loaded_into_memory(template: Path) -> Iterator[None]:
    if not template.exists():
        yield
        return
    address = connection.creation._get_test_db_name()
    with (
        closing(sqlite3.connect(address, uri=True)) as memory,
        closing(sqlite3.connect(template)) as file,
    ):
        file.backup(memory)
        yield  # the memory lives as long as a connection


def keep_file(template: Path) -> None:
    if template.exists():
        return
    template.parent.mkdir(parents=True, exist_ok=True)
    for former in template.parent.glob("*.sqlite3"):
        former.unlink(missing_ok=True)
    own = template.with_suffix(f".{os.getpid()}")  # another worker may be doing the same
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(own)])
    own.rename(template)


# --- PostgreSQL


def templates() -> set[str]:
    """Return this folder's templates on the server."""
    with on_server() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        return {name for (name,) in cursor.fetchall()}


def keep_database(name: str) -> None:
    former = templates()
    connection.close()  # PostgreSQL copies only a database that nobody uses
    copy = SQL("CREATE DATABASE {} TEMPLATE {}")
    # Another worker was faster, servers of tests/scale use the database, or the server is too busy: then
    # without a copy.
    with suppress(DuplicateDatabase, UniqueViolation, OperationalError), on_server() as cursor:
        for other in former:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(other)))
        database = connection.settings_dict["NAME"]
        cursor.execute(copy.format(Identifier(name), Identifier(database)))


@contextmanager
def on_server() -> Iterator[Any]:
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        yield cursor.cursor
