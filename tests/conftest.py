"""What every test may ask for, and what a test database needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis

from customers.geocoding.breaker import breaker_of
from stores.cache import Availability
from stores.models import Store
from tests.factories import StoreFactory

HERE = Path(__file__).parent
# Each has its folder, and runs when it is asked for by `-m`.
KINDS_APART = ("browser", "faults", "scale")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="Write what is answered now into tests/golden/, instead of comparing it.",
    )


def pytest_configure() -> None:
    """Has static files looked for when they are asked for: each new client would list all of them first.

    SQLite's test database is said to be in memory: pytest-django knows that of Django's own engine alone,
    and would give each worker a file.
    """
    settings.WHITENOISE_AUTOREFRESH = True
    if connection.vendor == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the kinds apart, and leaves out what only means something on PostgreSQL anywhere else."""
    for item in items:
        for kind in KINDS_APART:
            if HERE / kind in item.path.parents:
                item.add_marker(kind)
    if connection.vendor != "postgresql":
        left_out = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    # first, and so on one worker: what its tests share takes longer to make than all else
    items.sort(key=lambda item: item.path.name != "test_quickstart.py")


# How long an example takes is the machine's affair; and a change is judged by the examples it was tried with.
hypothesis.register_profile("steady", deadline=None, derandomize=True)
hypothesis.load_profile("steady")
# A dozen threads at once on a busy machine are no fault of the database.
PATIENCE = 30  # seconds
TIMEOUTS = "-c statement_timeout=60000 -c lock_timeout=30000"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Lets SQLite's DELETEs flush the ledger too; PostgreSQL truncates, which no row trigger sees."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options["connect_timeout"] = PATIENCE
        if "options" in options:  # PgBouncer takes none
            options["options"] = TIMEOUTS
    if connection.vendor == "sqlite":
        flush = connection.ops.execute_sql_flush
        connection.ops.execute_sql_flush = lambda statements: flush(past_triggers(statements))


def past_triggers(statements: list[str]) -> list[str]:
    """The statements with the ledger's triggers taken away before and put back after them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'ledger_refuses_%'")
        triggers = dict(cursor.fetchall())
    drops = [f'DROP TRIGGER "{name}"' for name in triggers]
    return [*drops, *statements, *triggers.values()]


@pytest.fixture(autouse=True)
def empty_cache() -> Any:
    """Ids begin anew with every test, and a cache would take one test's rows for another's."""
    cache.clear()


@pytest.fixture
def absent_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that nobody answers for."""
    monkeypatch.setattr("stores.cache.availability", Availability())
    settings.CACHES = {
        "default": {"BACKEND": "config.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory(name="Harbour Bakery")


@pytest.fixture
def other_store(db: None) -> Store:
    return StoreFactory(name="Hill Street Books")


@pytest.fixture
def silent_geocoder(settings: Any) -> Iterator[None]:
    """A provider that nobody answers for."""
    settings.GEOCODER, settings.GEOCODER_SCHEME = "photon", "http"
    settings.GEOCODER_DOMAIN = "127.0.0.1:1"
    breaker_of.cache_clear()
    yield
    breaker_of.cache_clear()
