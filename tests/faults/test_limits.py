"""Rate limits under parallel requests, in one process, in several, and without their Redis."""

from __future__ import annotations

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
def limited(book: Book, redis: Redis) -> Iterator[Server]:
    """Two processes that count in one Redis."""
    with book.server(RATE_LIMIT=RATE, REDIS_URL=redis.url) as server:
        yield server


@pytest.fixture(autouse=True)
def _one_window() -> None:
    """Waits for the next window where this one is too short for a test."""
    left = WINDOW - time.time() % WINDOW
    if left < 30:
        time.sleep(left)


def burst(client: Client) -> list[Answer]:
    return in_parallel(50, lambda: client.call("GET", DOORS["erp"].path))


def check_limit(answers: list[Answer]) -> None:
    """Exactly so many got through; the others know how long to wait."""
    assert Counter(one.status for one in answers) == {200: LIMIT, 429: 50 - LIMIT}
    left = sorted(int(one.headers["x-ratelimit-remaining"]) for one in answers)
    assert left == [0] * (50 - LIMIT) + list(range(LIMIT))
    for answer in answers:
        assert answer.headers["x-ratelimit-limit"] == str(LIMIT)
        if answer.status == 429:
            assert DOORS["erp"].is_refusal(answer)
            assert 0 < int(answer.headers["retry-after"]) <= 3601


def test_fifty_parallel_requests_to_one_process_get_exactly_the_limit(book: Book) -> None:
    with book.server(RATE_LIMIT=RATE, WEB_CONCURRENCY="1", THREADS="16") as server:
        check_limit(burst(book.client(server)))


def test_with_redis_two_processes_share_one_exact_limit_for_each_key(
    book: Book, limited: Server
) -> None:
    other = book.client(limited, book.fresh_key())
    check_limit(burst(book.client(limited)))
    assert other.status(DOORS["pos"].path) == 200
    assert book.client(limited).status(DOORS["pos"].path) == 429


def test_without_its_redis_the_service_goes_on_unlimited_and_says_so_once(
    book: Book, limited: Server, redis: Redis
) -> None:
    client = book.client(limited)
    redis.stop()
    try:
        answers = burst(client)
        assert {one.status for one in answers} == {200}
        assert not any("x-ratelimit-limit" in one.headers for one in answers)
        assert max(one.seconds for one in answers) < 3 + GRACE
        message = "the cache is away: rate limits are suspended"
        said = [line for line in limited.lines() if line["message"] == message]
        assert 1 <= len(said) <= 2  # by each process
    finally:
        redis.start()
    until(
        lambda: client.call("GET", DOORS["erp"].path).headers.get("x-ratelimit-limit"),
        3 + GRACE,
        "limits are back",
    )
