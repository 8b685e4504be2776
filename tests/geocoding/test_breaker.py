"""A provider that keeps failing is left alone, and asked again after a while."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug import Request, Response

from customers.geocoding import NotPlaced, Query, breaker, geocode

from . import answers


class Photon:
    """A server of Photon's whose mood can be changed."""

    status = 200
    answer: object = answers.PHOTON

    def __init__(self) -> None:
        self.asked = 0
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        with self._lock:
            self.asked += 1
        return Response(json.dumps(self.answer), status=self.status)


@pytest.fixture
def photon(ask_at, httpserver) -> Photon:
    ask_at("photon", f"{httpserver.host}:{httpserver.port}")
    server = Photon()
    httpserver.expect_request("/api").respond_with_handler(server)
    return server


def result(number: int) -> str:
    """What asking for one more address, of that number, comes to."""
    try:
        geocode(Query(text=f"{number} Collins Street, Melbourne"))
    except NotPlaced as refusal:
        return refusal.reason
    return "placed"


def test_after_five_failures_in_a_row_nobody_asks_any_more(photon):
    photon.status = 500

    results = [result(number) for number in range(8)]

    assert results == ["unavailable"] * 8
    assert photon.asked == 5


def test_a_success_in_between_starts_the_count_anew(photon):
    for number in range(12):
        photon.status = 200 if number == 4 else 500
        result(number)

    assert photon.asked == 4 + 1 + 5


def test_an_address_that_is_not_found_is_no_failure(photon):
    photon.answer = answers.NOTHING["photon"]

    results = [result(number) for number in range(8)]

    assert results == ["not_found"] * 8
    assert photon.asked == 8


def test_an_address_that_is_not_found_ends_a_row_of_failures(photon):
    photon.answer = answers.NOTHING["photon"]
    for number in range(9):
        photon.status = 200 if number == 4 else 500
        result(number)

    assert photon.asked == 9


def test_after_the_rest_the_provider_is_asked_again(photon, monkeypatch):
    monkeypatch.setattr(breaker, "OPEN_SECONDS", 0.1)
    photon.status = 500
    for number in range(6):
        result(number)
    photon.status = 200
    threading.Event().wait(0.15)

    assert [result(number) for number in range(6, 9)] == ["placed"] * 3


def test_answers_in_the_cache_are_given_while_the_provider_rests(photon):
    assert result(0) == "placed"
    photon.status = 500
    for number in range(1, 7):
        result(number)

    assert result(0) == "placed"


def test_one_provider_down_says_nothing_of_another(photon, ask_at, httpserver):
    photon.status = 500
    for number in range(6):
        result(number)
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answers.GOOGLE)

    assert result(0) == "placed"


def test_failures_of_many_threads_open_it_too(photon):
    photon.status = 500

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(result, range(40)))

    assert set(results) == {"unavailable"}
    assert 5 <= photon.asked <= 5 + 3  # those under way when the fifth failed


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock) -> breaker.Breaker:
    made = breaker.Breaker(clock)
    for _ in range(5):
        assert made.allows()
        made.failed()
    return made


def test_it_rests_for_thirty_seconds(opened, clock):
    assert not opened.allows()
    clock.now = 29.9
    assert not opened.allows()
    clock.now = 30
    assert opened.allows()


def test_one_probe_goes_through_and_the_others_wait_for_it(opened, clock):
    clock.now = 30

    assert [opened.allows() for _ in range(4)] == [True, False, False, False]


def test_a_probe_that_fails_means_thirty_seconds_more(opened, clock):
    clock.now = 31
    opened.allows()
    clock.now = 33
    opened.failed()

    clock.now = 62.9
    assert not opened.allows()
    clock.now = 63
    assert opened.allows()


def test_a_probe_that_succeeds_lets_everybody_through(opened, clock):
    clock.now = 30
    opened.allows()
    opened.succeeded()

    assert [opened.allows() for _ in range(3)] == [True] * 3


def test_a_probe_that_never_comes_back_does_not_close_the_door_for_ever(opened, clock):
    clock.now = 30
    assert opened.allows()
    clock.now = 60

    assert opened.allows()
