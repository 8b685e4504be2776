"""Create databases on the engine of `DATABASE_URL`, and dump and restore them."""

from __future__ import annotations

import lzma
import os
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.sql import SQL, Identifier

from customers.api.auth import keys

BOOKS = Path(__file__).parent / "books"
SECRET_KEY = "encrypts-the-books-of-the-upgrade-test-and-nothing-else"
DUMP_OPTIONS = (
    "--inserts",  # COPY would need psql
    "--rows-per-insert=100",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
)


@contextmanager
def new_database(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """Create an empty database, and yield a connection to it. Drop the database at the end.

    On SQLite it is a file in `folder`.
    """
    name = f"book_{secrets.token_hex(4)}"
    is_postgres = connection.vendor == "postgresql"
    database = connection.copy()
    database.settings_dict["NAME"] = name if is_postgres else str(folder / name)
    if is_postgres:
        run_on_server(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    try:
        yield database
    finally:
        database.close()
        if is_postgres:
            run_on_server(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def connected_to(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Make `database` Django's default connection of this thread during the block."""
    former = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    forget_rows()
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = former
        forget_rows()


def forget_rows() -> None:
    """Empty what this process caches of a database's rows."""
    ContentType.objects.clear_cache()
    cache.clear()
    keys.forget()


# --- files


def file_of(release: str) -> Path:
    kind = "sql" if connection.vendor == "postgresql" else "sqlite"
    return BOOKS / f"{release}.{kind}.xz"


def facts_file(release: str) -> Path:
    """Return the file of a release's facts: its keys and stored answers."""
    return BOOKS / f"{release}.json"


def dump(database: BaseDatabaseWrapper, release: str) -> None:
    write = dump_postgres if database.vendor == "postgresql" else dump_sqlite
    file_of(release).write_bytes(lzma.compress(write(database), preset=9 | lzma.PRESET_EXTREME))


def restore(database: BaseDatabaseWrapper, release: str) -> None:
    content = lzma.decompress(file_of(release).read_bytes())
    if database.vendor == "postgresql":
        with psycopg.connect(**address_of(database)) as session:
            session.execute(content)
    else:
        Path(database.settings_dict["NAME"]).write_bytes(content)


def dump_sqlite(database: BaseDatabaseWrapper) -> bytes:
    copy = Path(f"{database.settings_dict['NAME']}.dump")
    with closing(sqlite3.connect(database.settings_dict["NAME"])) as session:
        session.execute("VACUUM INTO ?", [str(copy)])
    return copy.read_bytes()


def dump_postgres(database: BaseDatabaseWrapper) -> bytes:
    """Return the SQL of `pg_dump`, without commands that only a recent psql understands."""
    address = address_of(database)
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"host": "PGHOST", "port": "PGPORT"}
    environment = {**os.environ, **{names[key]: str(value) for key, value in address.items()}}
    command = ["pg_dump", *DUMP_OPTIONS]
    output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    lines = output.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b"\\restrict", b"\\unrestrict")))


# --- PostgreSQL's server


def address_of(database: BaseDatabaseWrapper) -> dict[str, Any]:
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    parts |= {"port": "PORT"}
    settings = database.settings_dict
    return {key: settings[name] for key, name in parts.items() if settings[name]}


def run_on_server(statement: Any) -> None:
    address = address_of(connections[DEFAULT_DB_ALIAS]) | {"dbname": "postgres"}
    with psycopg.connect(**address, autocommit=True) as session:
        session.execute(statement)
