"""The circuit breaker stops requests to a failing provider for a while."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug import Request, Response

from customers.geocoding import NotPlaced, Query, breaker, geocode
from tests.geocoding import answers


class Photon:
    """Photon stand-in with a settable status and response."""

    status = 200
    answer: object = answers.PHOTON

    def __init__(self) -> None:
        self.request_count = 0
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        with self._lock:
            self.request_count += 1
        return Response(json.dumps(self.answer), status=self.status)


@pytest.fixture
def photon(use_provider, httpserver) -> Photon:
    use_provider("photon", f"{httpserver.host}:{httpserver.port}")
    server = Photon()
    httpserver.expect_request("/api").respond_with_handler(server)
    return server


def result(number: int) -> str:
    """Geocode the address of this number, and return the outcome."""
    try:
        geocode(Query(text=f"{number} Collins Street, Melbourne"))
    except NotPlaced as refusal:
        return refusal.reason
    return "placed"


def test_five_failures_open_the_breaker(photon):
    photon.status = 500

    results = [result(number) for number in range(8)]

    assert results == ["unavailable"] * 8
    assert photon.request_count == 5


def test_success_resets_the_failure_count(photon):
    for number in range(12):
        photon.status = 200 if number == 4 else 500
        result(number)

    assert photon.request_count == 4 + 1 + 5


def test_address_not_found_is_no_failure(photon):
    photon.answer = answers.NOTHING["photon"]

    results = [result(number) for number in range(8)]

    assert results == ["not_found"] * 8
    assert photon.request_count == 8


def test_address_not_found_resets_the_failure_count(photon):
    photon.answer = answers.NOTHING["photon"]
    for number in range(9):
        photon.status = 200 if number == 4 else 500
        result(number)

    assert photon.request_count == 9


def test_breaker_closes_after_its_pause(photon, monkeypatch):
    monkeypatch.setattr(breaker, "OPEN_SECONDS", 0.1)
    photon.status = 500
    for number in range(6):
        result(number)
    photon.status = 200
    threading.Event().wait(0.15)

    assert [result(number) for number in range(6, 9)] == ["placed"] * 3


def test_cached_results_are_used_while_open(photon):
    assert result(0) == "placed"
    photon.status = 500
    for number in range(1, 7):
        result(number)

    assert result(0) == "placed"


def test_breakers_are_per_provider(photon, use_provider, httpserver):
    photon.status = 500
    for number in range(6):
        result(number)
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answers.GOOGLE)

    assert result(0) == "placed"


def test_failures_in_many_threads_open_it(photon):
    photon.status = 500

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(result, range(40)))

    assert set(results) == {"unavailable"}
    assert 5 <= photon.request_count <= 5 + 3  # requests in flight at the fifth failure


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_breaker(clock) -> breaker.Breaker:
    made = breaker.Breaker(clock)
    for _ in range(5):
        assert made.allows()
        made.failed()
    return made


def test_breaker_stays_open_for_thirty_seconds(open_breaker, clock):
    assert not open_breaker.allows()
    clock.now = 29.9
    assert not open_breaker.allows()
    clock.now = 30
    assert open_breaker.allows()


def test_one_probe_is_allowed_at_a_time(open_breaker, clock):
    clock.now = 30

    assert [open_breaker.allows() for _ in range(4)] == [True, False, False, False]


def test_failed_probe_keeps_it_open(open_breaker, clock):
    clock.now = 31
    open_breaker.allows()
    clock.now = 33
    open_breaker.failed()

    clock.now = 62.9
    assert not open_breaker.allows()
    clock.now = 63
    assert open_breaker.allows()


def test_successful_probe_closes_it(open_breaker, clock):
    clock.now = 30
    open_breaker.allows()
    open_breaker.succeeded()

    assert [open_breaker.allows() for _ in range(3)] == [True] * 3


def test_lost_probe_is_replaced_by_another(open_breaker, clock):
    clock.now = 30
    assert open_breaker.allows()
    clock.now = 60

    assert open_breaker.allows()
