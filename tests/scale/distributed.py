"""Pytest plugin that runs tests on a database with the keys that `manage.py distribute` prints.

It skips statements that only Citus understands.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

PLAIN = ("ALTER TABLE", "CREATE INDEX")


class Fixtures:
    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls, django_db_setup: None, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            change_keys()


def change_keys() -> None:
    script = io.StringIO()
    call_command("distribute", stdout=script)
    with connection.cursor() as cursor:
        for line in script.getvalue().splitlines():
            if line.startswith(PLAIN):
                cursor.execute(line)
    assert "store_id" in primary_key("customers_customer")


def primary_key(table: str) -> list[str]:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    return next(one["columns"] for one in constraints.values() if one["primary_key"])


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(
        Fixtures()
    )  # after pytest-django, whose database this plugin changes
