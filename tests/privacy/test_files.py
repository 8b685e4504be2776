"""The files of SQLite, and a dump of PostgreSQL, hold nothing of an erased person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from customers.geocoding.service import cache_key, cache_location
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.texts import location_queries, snapshots_of
from stores.actors import SYSTEM
from stores.models import Store
from tests.privacy.person import NEEDLES, Doors
from tests.upgrades.databases import connected_to, dump_postgres, new_database


def contents(database: Any) -> bytes:
    """Return all bytes of SQLite's files, or the dump."""
    if database.vendor == "postgresql":
        return dump_postgres(database)
    file = Path(database.settings_dict["NAME"])
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def found(database: Any) -> set[str]:
    text = contents(database).lower()
    return {needle for needle in NEEDLES if needle.encode() in text}


def test_files_and_dumps_hold_nothing(tmp_path: Path, django_db_blocker: Any) -> None:
    with (
        new_database(tmp_path) as database,
        django_db_blocker.unblock(),
        connected_to(database),
    ):
        call_command("migrate", verbosity=0)
        person = Doors(
            Store.objects.create(name="Shop", country="AU", currency="AUD")
        ).write_person()
        queries = location_queries(person, snapshots_of(person))
        for query in queries:
            cache_location(query, None)
        before = found(database)
        erase_customer(person.as_queryset(), SYSTEM)
        assert before >= {"zebrabaum", "412777833"}
        assert found(database) == set()
        assert len(queries) > 3
        assert cache.get_many([cache_key(query) for query in queries]) == {}
        if connection.vendor == "sqlite":
            assert Path(f"{database.settings_dict['NAME']}-wal").stat().st_size == 0


@pytest.mark.django_db
def test_query_of_a_former_address_is_known(person: Any) -> None:
    streets = {query.street for query in location_queries(person, snapshots_of(person))}
    assert {"Zebrabaum road", "Zebrabaum street", "Zebrabaum line1"} <= streets
