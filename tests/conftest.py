"""Fixtures and options of all tests, and the set-up of test databases."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
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
from tests.template import keep_template, starting_from_template

HERE = Path(__file__).parent
# Each marker has a folder, whose tests run only when `-m` selects them.
KINDS_APART = ("browser", "faults", "scale")
SLOWEST = ("test_quickstart.py", "test_migrations.py", "test_moved_models.py")
COUNTERS = tempfile.TemporaryDirectory(prefix="clientele-tests-")  # of requests, of this process


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="Write what is answered now into tests/golden/, instead of comparing it.",
    )


def pytest_configure() -> None:
    """Look up static files on request, because each new client would list all of them first.

    Declare SQLite's test database as in memory: pytest-django detects that only for Django's own engine, and
    would give each worker a file.
    """
    settings.WHITENOISE_AUTOREFRESH = True
    settings.COUNTERS_FOLDER = Path(COUNTERS.name) / "counters"
    if connection.vendor == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by folder, and skip PostgreSQL's tests on other engines."""
    for item in items:
        for kind in KINDS_APART:
            if HERE / kind in item.path.parents:
                item.add_marker(kind)
    if connection.vendor != "postgresql":
        left_out = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    # The slowest first: the last tests should keep all workers busy. Those of one file share a slow fixture.
    items.sort(key=lambda item: item.path.name not in SLOWEST)


# No deadline, because machines differ; fixed examples, so that a failure is due to a change of the code.
hypothesis.register_profile("steady", deadline=None, derandomize=True)
hypothesis.load_profile("steady")
# Longer timeouts, because a dozen threads on a busy machine are slow.
PATIENCE = 30  # seconds
TIMEOUTS = "-c statement_timeout=60000 -c lock_timeout=30000"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Be patient with PostgreSQL, and let the test database start from a migrated copy."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options["connect_timeout"] = PATIENCE
        if "options" in options:  # PgBouncer accepts no options
            options["options"] = TIMEOUTS
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(starting_from_template())
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Drop SQLite's triggers that refuse changes during a flush; PostgreSQL truncates past row triggers."""
    with django_db_blocker.unblock():
        keep_template()
    if connection.vendor == "sqlite":
        flush = connection.ops.execute_sql_flush
        connection.ops.execute_sql_flush = lambda statements: flush(without_triggers(statements))


def without_triggers(statements: list[str]) -> list[str]:
    """Return the statements between a drop and a re-creation of the triggers that refuse changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE '%_refuses_%'")
        triggers = dict(cursor.fetchall())
    drops = [f'DROP TRIGGER "{name}"' for name in triggers]
    return [*drops, *statements, *triggers.values()]


@pytest.fixture(autouse=True)
def empty_cache() -> Any:
    """Empty the cache and the counters, because the rows of different tests have the same ids."""
    cache.clear()
    shutil.rmtree(settings.COUNTERS_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def statements_run_on_a_distributed_book() -> Iterator[None]:
    """Holds the product's SQL against the grammar of tests/distribution, where there is PostgreSQL's."""
    if connection.vendor != "postgresql":
        yield
        return
    from tests.distribution.watch import watching

    with watching():
        yield


@pytest.fixture
def absent_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a Redis that does not respond."""
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
    """Configure a geocoding provider that does not respond."""
    settings.GEOCODER, settings.GEOCODER_SCHEME = "photon", "http"
    settings.GEOCODER_DOMAIN = "127.0.0.1:1"
    breaker_of.cache_clear()
    yield
    breaker_of.cache_clear()
