"""One process at a time fetches from a server; another goes on where that one was killed."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone
from werkzeug import Response

from customers.api.remote import moving
from customers.imports.models import ImportJob, State
from customers.imports.services.deleting import throw_away
from customers.management.commands import move_in
from customers.models import Customer
from stores.models import Store
from tests.factories import CustomerFactory
from tests.imports.test_move_in import Stubborn, counts, here, move, quick, stubborn, there, url

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["here", "quick", "stubborn", "there", "url"]


def page(server: Stubborn, offset: int) -> Response:
    items = server.customers[offset : offset + 200]
    body = {"items": items, "total": len(server.customers)}
    return Response(json.dumps(body), content_type="application/json")


@pytest.mark.postgres  # SQLite in memory has no two connections
def test_two_moves_at_once_fetch_and_write_once(
    stubborn: Stubborn, here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins while the first waits for its second page, and waits for its end."""
    waits = threading.Event()
    results: list[Any] = []

    def second() -> None:
        try:
            results.append(move("storefront", stubborn.url, here))
        finally:
            connection.close()

    other = threading.Thread(target=second)

    def slow(server: Stubborn) -> Response:
        other.start()
        assert waits.wait(20)
        return page(server, 199)

    class Clock:
        monotonic = staticmethod(move_in.time.monotonic)

        @staticmethod
        def sleep(seconds: float) -> None:
            waits.set()
            threading.Event().wait(0.05)

    monkeypatch.setattr(move_in, "time", Clock)
    stubborn.faults = [None, slow]
    results.append(move("storefront", stubborn.url, here))
    other.join(30)
    assert [counts(result) for result in results] == [{"create": 450}] * 2
    assert results[0]["id"] == results[1]["id"]
    assert stubborn.requests == 3
    assert Customer.objects.filter(store=here).count() == 450


def test_a_fetch_that_was_killed_goes_on_without_repeat_or_gap(
    stubborn: Stubborn, here: Store
) -> None:
    """The process dies right after a page is saved, and its lease has to run out first."""

    class Killed(BaseException):
        pass

    original = moving.append

    def die(*arguments: Any) -> None:
        original(*arguments)
        raise Killed

    with (
        mock.patch.object(moving, "append", die),
        mock.patch.object(move_in, "release"),  # a killed process releases nothing
        pytest.raises(Killed),
    ):
        move("storefront", stubborn.url, here)
    job = ImportJob.objects.get()
    assert (job.state, job.progress) == (State.FETCHING, 200)
    assert job.leased_until is not None
    waited: list[float] = []

    def expire(seconds: float) -> None:
        waited.append(seconds)
        past = timezone.now() - timedelta(seconds=1)
        ImportJob.objects.update(leased_until=past)

    with mock.patch.object(move_in.time, "sleep", expire):
        assert counts(move("storefront", stubborn.url, here)) == {"create": 450}
    assert waited
    assert stubborn.requests == 3
    assert ImportJob.objects.count() == 1


def test_a_process_that_lost_its_lease_saves_no_page(stubborn: Stubborn, here: Store) -> None:
    """It slept for longer than its lease, and another one took over."""

    def take_over(server: Stubborn) -> Response:
        ImportJob.objects.update(lease_token=None, leased_until=None)
        return page(server, 199)

    stubborn.faults = [None, take_over]
    assert counts(move("storefront", stubborn.url, here)) == {"create": 450}
    assert stubborn.requests == 4  # the second page again


def test_a_move_that_is_thrown_away_meanwhile_ends(stubborn: Stubborn, here: Store) -> None:
    def throw(server: Stubborn) -> Response:
        throw_away(ImportJob.objects.get())
        return page(server, 199)

    stubborn.faults = [None, throw]
    with pytest.raises(CommandError, match="thrown away"):
        move("storefront", stubborn.url, here)
    assert not Customer.objects.filter(store=here).exists()


@pytest.mark.parametrize("dialect", ["bakery", "erp"])
def test_a_customer_who_is_deleted_during_the_walk_is_left_out(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    customers = CustomerFactory.create_batch(3, store=there)
    client = moving.client_of(f"customers.dialects.{dialect}")
    pages = client.page

    def shown(answer: Any, parameters: Any) -> Any:
        Customer.objects.filter(pk=customers[1].pk).update(deleted_at=timezone.now())
        return pages(answer, parameters)

    changed = moving.DialectClient(**{**vars(client), "page": shown})
    with mock.patch.object(move_in, "client_of", return_value=changed):
        assert counts(move(dialect, url, here)) == {"create": 2}
