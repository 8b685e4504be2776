"""Results are cached for 30 days, "not found" for an hour, failures never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from customers.geocoding import NotPlaced, Query, geocode
from tests.geocoding import answers

COLLINS = Query(street="100 Collins Street", city="Melbourne", country_code="AU", region="AU")


def found_or_reason(query: Query = COLLINS) -> object:
    try:
        return geocode(query)
    except NotPlaced as refusal:
        return refusal.reason


@pytest.fixture
def count_requests(provider, path, httpserver):
    """Return a function that counts requests to a provider that finds everything."""
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])
    return lambda: len(httpserver.log)


def test_result_is_cached(count_requests):
    first = geocode(COLLINS)

    assert geocode(COLLINS) == first
    assert count_requests() == 1


def test_case_and_spaces_do_not_matter(count_requests):
    geocode(Query(text="100 Collins Street, Melbourne"))
    geocode(Query(text="100  COLLINS street, Melbourne "))

    assert count_requests() == 1


@pytest.mark.parametrize(
    "other",
    [
        Query(street="101 Collins Street", city="Melbourne", country_code="AU", region="AU"),
        Query(street="100 Collins Street", city="Melbourne", country_code="AU", region="NZ"),
        Query(street="100 Collins Street Melbourne", country_code="AU", region="AU"),
    ],
)
def test_other_address_is_requested(count_requests, other):
    geocode(COLLINS)
    geocode(other)

    assert count_requests() == 2


def test_other_provider_is_requested(count_requests, provider, use_provider, httpserver):
    geocode(COLLINS)
    other = "photon" if provider == "google" else "google"
    use_provider(other, f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS[other]).respond_with_json(answers.FOUND[other])

    assert geocode(COLLINS).place_id == answers.PLACE_IDS[other]
    assert count_requests() == 2


def test_result_is_cached_for_thirty_days(count_requests):
    with time_machine.travel("2026-01-01T00:00Z") as traveller:
        geocode(COLLINS)
        traveller.shift(timedelta(days=29))
        geocode(COLLINS)
        assert count_requests() == 1
        traveller.shift(timedelta(days=2))
        geocode(COLLINS)

    assert count_requests() == 2


def test_not_found_is_cached_for_an_hour(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_json(answers.NOTHING[provider])
    with time_machine.travel("2026-01-01T00:00Z") as traveller:
        assert [found_or_reason(), found_or_reason()] == ["not_found"] * 2
        assert len(httpserver.log) == 1
        traveller.shift(timedelta(minutes=61))
        assert found_or_reason() == "not_found"

    assert len(httpserver.log) == 2


def test_failure_is_not_cached(provider, path, httpserver):
    httpserver.expect_ordered_request(path).respond_with_data("no", status=503)
    httpserver.expect_ordered_request(path).respond_with_json(answers.FOUND[provider])

    assert found_or_reason() == "unavailable"
    assert found_or_reason().city == "Melbourne"


def test_geocoding_works_without_the_cache(count_requests, absent_cache):
    assert geocode(COLLINS) == geocode(COLLINS)
    assert count_requests() == 2


def test_entry_of_another_version_is_ignored(count_requests, settings):
    from django.core.cache import cache

    from customers.geocoding.service import cache_key

    geocode(COLLINS)
    cache.set(cache_key(COLLINS), {"lat": 1, "lon": 2})

    assert geocode(COLLINS).city == "Melbourne"
    assert count_requests() == 2
