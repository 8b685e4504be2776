"""Migrations keep every stored value, forwards and back to the schema of a release."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.upgrades.databases import connected_to, new_database, restore

Tables = dict[str, list[dict[str, Any]]]

# Tables that migrations write themselves: their record, content types and permissions.
GROWING_TABLES = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group_permissions",
    "triggers",
}
# Forms that a migration computes anew by today's rules, and that stay when it is undone.
DERIVED_COLUMNS = {
    "customers_customer": {"search_text"},
    "customers_tag": {"key"},
    "customers_search": {"search_text"},
}
# Amounts that a migration computes by today's rules, and as they were when it is undone.
REWRITTEN_COLUMNS = {
    "customers_charge": {"amount", "open_amount"},
    "orders_dailysales": {"orders", "revenue"},
    "orders_order": {
        "paid_amount",
        "refunded_amount",
        "charged_amount",
        "payment_status",
        "paid_at",
    },
    "orders_payment": {"kind"},
}
# Models that a later release has in another app. Their rows in `django_content_type` change.
NEW_APPS = {("stores", "depot"): "customers", ("stores", "deliveryzone"): "customers"}
INSIDE_FULL_TEXT = ("customers_search_", "customers_words_search_")
TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def applied_migrations() -> dict[str, str]:
    """Return the last applied migration of each app."""
    return dict(sorted(MigrationExecutor(connection).loader.applied_migrations))


def migrate_to(last: dict[str, str]) -> None:
    """Migrate forwards or backwards; apps that `last` does not name lose all their tables."""
    executor = MigrationExecutor(connection)
    targets: list[Any] = [(app, last.get(app)) for app in sorted(executor.loader.migrated_apps)]
    executor.migrate(targets)


def newest_migrations() -> dict[str, str]:
    return dict(MigrationExecutor(connection).loader.graph.leaf_nodes())


def read_tables() -> Tables:
    """Read all rows of all tables, and the triggers' names as an additional table.

    SQLite loses the triggers of a table that a migration rebuilds. The tables inside its full-text tables are
    left out: they follow from those.
    """
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    names = [name for name in names if not name.startswith(INSIDE_FULL_TEXT)]
    tables = {name: read(f"SELECT * FROM {connection.ops.quote_name(name)}") for name in names}
    return tables | {"triggers": read(TRIGGERS[connection.vendor])}


def read(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(text_of, row), strict=True)) for row in cursor]


def text_of(value: object) -> str:
    """Return a value in words; a number without the zeros that a wider column adds to it."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else repr(value)


def with_new_apps(tables: Tables) -> Tables:
    """Return the tables of a release, with its models in the apps of today."""
    apps = {tuple(map(repr, model)): repr(app) for model, app in NEW_APPS.items()}
    rows = [
        row | {"app_label": apps.get((row["app_label"], row["model"]), row["app_label"])}
        for row in tables["django_content_type"]
    ]
    return tables | {"django_content_type": rows}


def differences(
    before: Tables, after: Tables, rewritten: Mapping[str, set[str]] = MappingProxyType({})
) -> list[str]:
    """Return rows that are missing or differ in a common column, and tables with added rows.

    The columns in `rewritten` may differ.
    """
    lines = []
    for table in sorted(before.keys() & after.keys() - {"django_migrations"}):
        old, new = before[table], after[table]
        if len(new) > len(old) and table not in GROWING_TABLES:
            lines.append(f"{table}: {len(new) - len(old)} more rows")
        names = columns_of(before)[table] & columns_of(after)[table]
        names -= DERIVED_COLUMNS.get(table, set()) | rewritten.get(table, set())
        present = {values(row, names) for row in new}
        lines += [f"{table}: {row}" for row in old if values(row, names) not in present]
    return lines


def columns_of(tables: Tables) -> dict[str, set[str]]:
    """Return each table's column names; a table without rows has none."""
    return {table: set(rows[0]) if rows else set() for table, rows in tables.items()}


def values(row: dict[str, Any], names: set[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in sorted(names))


def test_migrating_back_and_forward_keeps_all_values(
    release: str, tmp_path: Path, django_db_blocker: Any
) -> None:
    with new_database(tmp_path) as database:
        restore(database, release)
        with django_db_blocker.unblock(), connected_to(database):
            release_migrations, release_tables = applied_migrations(), read_tables()
            migrate_to(newest_migrations())
            assert applied_migrations() == newest_migrations()
            tables = read_tables()
            changed = differences(with_new_apps(release_tables), tables, REWRITTEN_COLUMNS)
            assert changed == []

            migrate_to(release_migrations)
            assert applied_migrations() == release_migrations
            assert columns_of(read_tables()) == columns_of(release_tables)
            assert differences(release_tables, read_tables()) == []

            migrate_to(newest_migrations())
            assert differences(tables, read_tables()) == []


def test_comparison_finds_lost_and_changed_rows() -> None:
    before = {"tag": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "zone": []}
    assert differences(before, before) == []
    wider = {"tag": [row | {"color": ""} for row in before["tag"]], "zone": [], "new": [{"id": 1}]}
    assert differences(before, wider) == []
    assert differences(before, before | {"tag": before["tag"][:1]}) == [
        "tag: {'id': 2, 'name': 'b'}"
    ]
    changed = [{"id": 1, "name": "a"}, {"id": 2, "name": "B"}]
    assert differences(before, before | {"tag": changed}) == ["tag: {'id': 2, 'name': 'b'}"]
    assert differences(before, before | {"zone": [{"id": 1}]}) == ["zone: 1 more rows"]
