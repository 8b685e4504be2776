"""Pytest plugin that runs tests on a database with the keys that `manage.py distribute` prints.

Stand-ins replace what only Citus can do.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.distribution import stand_in


class Fixtures:
    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls, django_db_setup: None, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            stand_in.install()
            stand_in.distribute()
            assert "store_id" in primary_key("customers_customer")


def primary_key(table: str) -> list[str]:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    return next(one["columns"] for one in constraints.values() if one["primary_key"])


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(
        Fixtures()
    )  # after pytest-django, whose database this plugin changes
