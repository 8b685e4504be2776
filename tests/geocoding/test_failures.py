"""Whatever a provider does, geocoding says NotPlaced, and in time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from customers.geocoding import Location, NotPlaced, Query, geocode
from customers.geocoding.breaker import breaker_of
from tests.waiting import GRACE, until

from . import answers

COLLINS = Query(street="100 Collins Street", city="Melbourne", country_code="AU")
BUDGET = 0.1
# A busy machine wakes a thread late; a server that is not cut off goes on for ten seconds.
AT_MOST = 5.0

pytestmark = pytest.mark.filterwarnings("ignore:Latitude normalization")


def refusal_of(query: Query) -> str:
    with pytest.raises(NotPlaced) as refusal:
        geocode(query)
    return refusal.value.reason


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
def test_an_error_status_is_unavailable(provider, path, httpserver, status):
    httpserver.expect_request(path).respond_with_data("no", status=status)

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><title>Sign in to the network</title>",
        "",
        "null",
        "7",
        '"text"',
        '{"status": "OK", "results": [',
        "[" * 100_000,
        "{}",
        '{"results": {"0": 1}, "features": {"0": 1}, "status": "OK"}',
        "\udcff",
    ],
    ids=["HTML", "empty", "null", "number", "string", "cut", "deep", "object", "shape", "latin"],
)
def test_a_body_that_is_no_answer_is_unavailable(provider, path, httpserver, body):
    data = body.encode("utf-8", "surrogateescape")
    httpserver.expect_request(path).respond_with_data(data, content_type="application/json")

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize(
    "status",
    ["OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT", "REQUEST_DENIED", "UNKNOWN_ERROR", "MOON", 7, None],
)
def test_a_status_word_of_google_is_unavailable(ask_at, httpserver, status):
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    answer = {"status": status, "results": [], "error_message": "You shall not pass."}
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize(
    "coordinates",
    [
        ("NaN", "NaN"),
        (float("nan"), 144.97),
        (float("inf"), 144.97),
        (-37.8, float("-inf")),
        (90.1, 144.97),
        (-37.8, 180.5),
        (-37.8, 1e308),
        (None, None),
        (True, False),
        ("", ""),
        ([1], {}),
        ("here", "there"),
        (10**400, 0),
    ],
)
def test_coordinates_that_are_no_place_are_unavailable(provider, path, httpserver, coordinates):
    answer = deepcopy(answers.FOUND[provider])
    holder, latitude, longitude = answers.COORDINATES[provider]
    holder(answer)[latitude], holder(answer)[longitude] = coordinates
    httpserver.expect_request(path).respond_with_data(json.dumps(answer))

    assert refusal_of(COLLINS) == "unavailable"


def test_any_part_of_an_answer_may_be_anything(provider, path, httpserver):
    for number, changed in enumerate(mutations(answers.FOUND[provider])):
        breaker_of.cache_clear()
        httpserver.clear()
        httpserver.expect_request(path).respond_with_data(json.dumps(changed))
        try:
            found = geocode(Query(text=f"{number} Collins Street"))
        except NotPlaced:
            continue
        assert isinstance(found, Location)
        assert all(isinstance(word, str) for word in (found.place_id, found.city, found.street))


def mutations(answer: Any) -> Iterator[Any]:
    """The answer again and again, each time with another of its nodes replaced."""
    for path in paths(answer):
        for odd in (None, {"a": [1]}, 10**30):
            changed = deepcopy(answer)
            *way, last = path
            node = changed
            for step in way:
                node = node[step]
            node[last] = odd
            yield changed


def paths(node: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for step, child in children:
        yield (*way, step)
        if isinstance(child, dict | list):
            yield from paths(child, *way, step)


def test_a_redirect_is_not_followed(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    httpserver.expect_request("/elsewhere").respond_with_json(answers.FOUND[provider])

    assert refusal_of(COLLINS) == "unavailable"
    assert [request.path for request, _ in httpserver.log] == [path]


def test_proxies_of_the_environment_are_not_used(provider, path, httpserver, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])

    assert geocode(COLLINS).city == "Melbourne"


def hang(connection, stop):
    stop.wait(10)


def drip_headers(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(connection, stop)


def drip_body(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    drip(connection, stop)


def drip_chunks(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not stop.wait(0.02):
        connection.sendall(b"1\r\n \r\n")


def drip(connection, stop):
    while not stop.wait(0.02):
        connection.sendall(b" ")


@pytest.mark.parametrize("name", ["google", "nominatim", "photon"])
@pytest.mark.parametrize("behaviour", [hang, drip_headers, drip_body, drip_chunks])
def test_a_slow_server_costs_the_budget_and_no_more(ask_at, raw_server, settings, name, behaviour):
    ask_at(name, raw_server(behaviour))
    settings.GEOCODER_BUDGET = BUDGET
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert time.monotonic() - start < AT_MOST
    until(no_thread_is_left, GRACE, "the threads of cut-off calls end")


def no_thread_is_left() -> bool:
    return not any(thread.name == "geocoding" for thread in threading.enumerate())


def test_two_seconds_are_two_seconds(ask_at, raw_server, settings):
    settings.GEOCODER_BUDGET = 2.0
    ask_at("google", raw_server(drip_body))
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert 1.5 < time.monotonic() - start < AT_MOST


def test_a_caller_may_have_less_time_than_the_settings_give(ask_at, raw_server):
    ask_at("google", raw_server(hang))
    start = time.monotonic()

    with pytest.raises(NotPlaced):
        geocode(COLLINS, budget=BUDGET)

    assert time.monotonic() - start < AT_MOST


def flood(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not stop.is_set():
        connection.sendall(b"[" * 65536)


def hang_up(connection, stop):
    connection.close()


def speak_another_protocol(connection, stop):
    connection.sendall(b"220 mail.example.org ESMTP\r\n")


def send_endless_headers(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stop.is_set():
        connection.sendall(b"X-More: more\r\n")


@pytest.mark.parametrize(
    "behaviour", [flood, hang_up, speak_another_protocol, send_endless_headers]
)
def test_a_server_out_of_its_mind_is_unavailable_at_once(ask_at, raw_server, behaviour):
    ask_at("photon", raw_server(behaviour))
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert time.monotonic() - start < AT_MOST


@pytest.mark.parametrize(
    "domain", ["127.0.0.1:1", "no-such-host.invalid", "not a host", "[::", "127.0.0.1:99999"]
)
def test_a_server_that_is_not_there_is_unavailable(ask_at, domain):
    ask_at("nominatim", domain)

    assert refusal_of(COLLINS) == "unavailable"


def test_a_server_without_a_certificate_is_unavailable(ask_at, settings, httpserver):
    ask_at("photon", f"{httpserver.host}:{httpserver.port}")
    settings.GEOCODER_SCHEME = "https"

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize("setting", [{"GEOCODER": "yahoo"}, {"GEOCODER_API_KEY": ""}])
def test_settings_that_cannot_work_are_unavailable(ask_at, settings, setting):
    ask_at("google", "127.0.0.1:1")
    for name, value in setting.items():
        setattr(settings, name, value)

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "x" * 5000])
def test_what_cannot_be_sent_is_not_found_and_not_asked(provider, httpserver, text):
    assert refusal_of(Query(text=text)) == "not_found"
    assert httpserver.log == []


def test_the_log_tells_of_a_failure_without_key_or_address(provider, path, httpserver, caplog):
    httpserver.expect_request(path).respond_with_data("no", status=500)

    refusal_of(COLLINS)

    said = [r.getMessage() for r in caplog.records if r.name != "werkzeug"]  # the server's own log
    assert said == [f"geocoder {provider} is unavailable: GeocoderServiceError"]
