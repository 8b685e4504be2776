"""Rate limits under parallel requests: in one process, in several, with and without Redis."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.daemons import Redis
from tests.faults.http import DOORS, Answer, Client, in_parallel
from tests.faults.service import Book, Server
from tests.waiting import GRACE, until

LIMIT = 30
RATE, WINDOW = f"{LIMIT}/hour", 3600


@pytest.fixture(scope="module")
def redis(root: Path) -> Iterator[Redis]:
    with Redis(root) as redis:
        yield redis


@pytest.fixture(scope="module")
def limited_server(book: Book, redis: Redis) -> Iterator[Server]:
    """Start two processes that count requests in one Redis."""
    with book.server(RATE_LIMIT=RATE, REDIS_URL=redis.url) as server:
        yield server


@pytest.fixture(autouse=True)
def _one_window() -> None:
    """Wait for the next window when the rest of this one is too short for a test."""
    remaining = WINDOW - time.time() % WINDOW
    if remaining < 30:
        time.sleep(remaining)


def burst(client: Client) -> list[Answer]:
    return in_parallel(50, lambda: client.call("GET", DOORS["erp"].path))


def check_limit(answers: list[Answer]) -> None:
    """Check that exactly LIMIT requests passed, and that the others got Retry-After."""
    assert Counter(one.status for one in answers) == {200: LIMIT, 429: 50 - LIMIT}
    remaining = sorted(int(one.headers["x-ratelimit-remaining"]) for one in answers)
    assert remaining == [0] * (50 - LIMIT) + list(range(LIMIT))
    for answer in answers:
        assert answer.headers["x-ratelimit-limit"] == str(LIMIT)
        if answer.status == 429:
            assert DOORS["erp"].is_refusal(answer)
            assert 0 < int(answer.headers["retry-after"]) <= 3601


def test_parallel_requests_get_exactly_the_limit(book: Book) -> None:
    with book.server(RATE_LIMIT=RATE, WEB_CONCURRENCY="1", THREADS="16") as server:
        check_limit(burst(book.client(server, book.fresh_key())))


def test_three_processes_share_the_limit_without_redis(book: Book) -> None:
    limits = {"RATE_LIMIT": RATE, "WEB_CONCURRENCY": "3", "REDIS_URL": ""}
    key = book.fresh_key()
    with book.server(**limits) as server:
        check_limit(burst(book.client(server, key)))
        other = book.client(server, book.fresh_key())
        assert other.status(DOORS["pos"].path) == 200
    with book.server(**limits) as server:
        client = book.client(server, key)
        assert client.status(DOORS["pos"].path) == 429  # a restart is no way around


def test_servers_side_by_side_share_the_limit(book: Book) -> None:
    key = book.fresh_key()
    limits = {"RATE_LIMIT": RATE, "WEB_CONCURRENCY": "1"}
    with book.server(**limits) as one, book.server(**limits) as two:
        clients = itertools.cycle([book.client(one, key), book.client(two, key)])
        check_limit(in_parallel(50, lambda: next(clients).call("GET", DOORS["erp"].path)))


def test_two_processes_share_the_limit_in_redis(book: Book, limited_server: Server) -> None:
    other = book.client(limited_server, book.fresh_key())
    check_limit(burst(book.client(limited_server)))
    assert other.status(DOORS["pos"].path) == 200
    assert book.client(limited_server).status(DOORS["pos"].path) == 429


def test_redis_outage_lifts_the_limit_and_is_logged_once(
    book: Book, limited_server: Server, redis: Redis
) -> None:
    client = book.client(limited_server)
    redis.stop()
    try:
        answers = burst(client)
        assert {one.status for one in answers} == {200}
        assert not any("x-ratelimit-limit" in one.headers for one in answers)
        assert max(one.seconds for one in answers) < 3 + GRACE
        message = "the cache is away: rate limits are suspended"
        warnings = [line for line in limited_server.lines() if line["message"] == message]
        assert 1 <= len(warnings) <= 2  # by each process
    finally:
        redis.start()
    until(
        lambda: client.call("GET", DOORS["erp"].path).headers.get("x-ratelimit-limit"),
        3 + GRACE,
        "limits are back",
    )
