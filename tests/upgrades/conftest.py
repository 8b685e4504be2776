"""Databases of former releases, migrated to the present schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from customers.admin.timeline import Entry
from customers.models import Customer
from tests.upgrades.client import StoreClient
from tests.upgrades.databases import (
    BOOKS,
    SECRET_KEY,
    connected_to,
    facts_file,
    new_database,
    restore,
)

RELEASES = sorted(path.stem for path in BOOKS.glob("*.json"))
LATER = timedelta(hours=1)  # stored answers last three days


@dataclass(frozen=True)
class Book:
    facts: dict[str, Any]

    @property
    def stores(self) -> list[StoreClient]:
        return [StoreClient(store["store"], store["key"]) for store in self.facts["stores"]]

    @property
    def answers(self) -> list[tuple[StoreClient, dict[str, Any]]]:
        """Return each POST whose answer is stored, with the client that sent it."""
        return [
            (client, answer)
            for client, store in zip(self.stores, self.facts["stores"], strict=True)
            for answer in store["answers"]
        ]


@pytest.fixture(scope="session", params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def migrated_database(
    release: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[BaseDatabaseWrapper]:
    """Create a database with the rows of the release, migrated by the present code."""
    with new_database(Path(tmp_path_factory.mktemp("books"))) as database:
        restore(database, release)
        with django_db_blocker.unblock(), connected_to(database):
            call_command("migrate", verbosity=0)
        yield database


@pytest.fixture
def book(
    release: str, migrated_database: BaseDatabaseWrapper, settings: Any, django_db_blocker: Any
) -> Iterator[Book]:
    """Open the migrated database, an hour after it was written. A test's changes are rolled back."""
    settings.SECRET_KEY = SECRET_KEY
    facts = json.loads(facts_file(release).read_text(encoding="utf-8"))
    now = datetime.fromisoformat(facts["written_at"]) + LATER
    with (
        django_db_blocker.unblock(),
        connected_to(migrated_database),
        time_machine.travel(now),
        transaction.atomic(),
    ):
        yield Book(facts)
        transaction.set_rollback(True)


def open_timeline(customer: Customer) -> list[Entry]:
    """Open a customer's timeline, and return its entries, newest first."""
    browser = Client()
    owner = User.objects.get(username="owner")
    browser.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    url = reverse("admin:customers_customer_history", args=[customer.pk])
    return browser.get(url).context["timeline"]
