"""Every failure of a provider raises NotPlaced in time."""

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
from tests.geocoding import answers
from tests.waiting import GRACE, until

COLLINS = Query(street="100 Collins Street", city="Melbourne", country_code="AU")
BUDGET = 0.1
# A busy machine wakes threads late; a server that is not cut off takes ten seconds.
AT_MOST = 5.0

pytestmark = pytest.mark.filterwarnings("ignore:Latitude normalization")


def refusal_of(query: Query) -> str:
    with pytest.raises(NotPlaced) as refusal:
        geocode(query)
    return refusal.value.reason


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
def test_error_status_is_unavailable(provider, path, httpserver, status):
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
def test_malformed_body_is_unavailable(provider, path, httpserver, body):
    data = body.encode("utf-8", "surrogateescape")
    httpserver.expect_request(path).respond_with_data(data, content_type="application/json")

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize(
    "status",
    ["OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT", "REQUEST_DENIED", "UNKNOWN_ERROR", "MOON", 7, None],
)
def test_error_status_of_google_is_unavailable(use_provider, httpserver, status):
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
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
def test_impossible_coordinates_are_unavailable(provider, path, httpserver, coordinates):
    answer = deepcopy(answers.FOUND[provider])
    holder, latitude, longitude = answers.COORDINATES[provider]
    holder(answer)[latitude], holder(answer)[longitude] = coordinates
    httpserver.expect_request(path).respond_with_data(json.dumps(answer))

    assert refusal_of(COLLINS) == "unavailable"


def test_any_mutated_response_is_handled(provider, path, httpserver):
    for number, changed in enumerate(mutations(answers.FOUND[provider])):
        breaker_of.cache_clear()
        httpserver.clear()
        httpserver.expect_request(path).respond_with_data(json.dumps(changed))
        try:
            location = geocode(Query(text=f"{number} Collins Street"))
        except NotPlaced:
            continue
        assert isinstance(location, Location)
        assert all(
            isinstance(word, str) for word in (location.place_id, location.city, location.street)
        )


def mutations(answer: Any) -> Iterator[Any]:
    """Yield copies of the response, each with one node replaced."""
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


def test_redirect_is_not_followed(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    httpserver.expect_request("/elsewhere").respond_with_json(answers.FOUND[provider])

    assert refusal_of(COLLINS) == "unavailable"
    assert [request.path for request, _ in httpserver.log] == [path]


def test_proxies_of_the_environment_are_ignored(provider, path, httpserver, monkeypatch):
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
def test_slow_server_is_cut_off_at_the_budget(use_provider, raw_server, settings, name, behaviour):
    use_provider(name, raw_server(behaviour))
    settings.GEOCODER_BUDGET = BUDGET
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert time.monotonic() - start < AT_MOST
    until(no_geocoding_thread_runs, GRACE, "the threads of cut-off calls end")


def no_geocoding_thread_runs() -> bool:
    return not any(thread.name == "geocoding" for thread in threading.enumerate())


def test_budget_of_two_seconds_is_kept(use_provider, raw_server, settings):
    settings.GEOCODER_BUDGET = 2.0
    use_provider("google", raw_server(drip_body))
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert 1.5 < time.monotonic() - start < AT_MOST


def test_caller_may_set_a_shorter_budget(use_provider, raw_server):
    use_provider("google", raw_server(hang))
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
def test_misbehaving_server_is_unavailable_at_once(use_provider, raw_server, behaviour):
    use_provider("photon", raw_server(behaviour))
    start = time.monotonic()

    assert refusal_of(COLLINS) == "unavailable"

    assert time.monotonic() - start < AT_MOST


@pytest.mark.parametrize(
    "domain", ["127.0.0.1:1", "no-such-host.invalid", "not a host", "[::", "127.0.0.1:99999"]
)
def test_missing_server_is_unavailable(use_provider, domain):
    use_provider("nominatim", domain)

    assert refusal_of(COLLINS) == "unavailable"


def test_server_without_certificate_is_unavailable(use_provider, settings, httpserver):
    use_provider("photon", f"{httpserver.host}:{httpserver.port}")
    settings.GEOCODER_SCHEME = "https"

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize("setting", [{"GEOCODER": "yahoo"}, {"GEOCODER_API_KEY": ""}])
def test_invalid_settings_are_unavailable(use_provider, settings, setting):
    use_provider("google", "127.0.0.1:1")
    for name, value in setting.items():
        setattr(settings, name, value)

    assert refusal_of(COLLINS) == "unavailable"


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "x" * 5000])
def test_unsendable_text_is_not_found(provider, httpserver, text):
    assert refusal_of(Query(text=text)) == "not_found"
    assert httpserver.log == []


def test_failure_is_logged_without_key_or_address(provider, path, httpserver, caplog):
    httpserver.expect_request(path).respond_with_data("no", status=500)

    refusal_of(COLLINS)

    messages = [
        r.getMessage() for r in caplog.records if r.name != "werkzeug"
    ]  # the server's own log
    assert messages == [f"geocoder {provider} is unavailable: GeocoderServiceError"]
