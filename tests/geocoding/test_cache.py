"""Answers are kept: good ones for long, "not found" for an hour, failures never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from customers.geocoding import NotPlaced, Query, geocode

from . import answers

COLLINS = Query(street="100 Collins Street", city="Melbourne", country_code="AU", region="AU")


def found_or_reason(query: Query = COLLINS) -> object:
    try:
        return geocode(query)
    except NotPlaced as refusal:
        return refusal.reason


@pytest.fixture
def asked(provider, path, httpserver):
    """How often the provider was asked; it finds everything."""
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])
    return lambda: len(httpserver.log)


def test_an_address_is_asked_for_once(asked):
    first = geocode(COLLINS)

    assert geocode(COLLINS) == first
    assert asked() == 1


def test_case_and_spaces_make_no_other_address(asked):
    geocode(Query(text="100 Collins Street, Melbourne"))
    geocode(Query(text="100  COLLINS street, Melbourne "))

    assert asked() == 1


@pytest.mark.parametrize(
    "other",
    [
        Query(street="101 Collins Street", city="Melbourne", country_code="AU", region="AU"),
        Query(street="100 Collins Street", city="Melbourne", country_code="AU", region="NZ"),
        Query(street="100 Collins Street Melbourne", country_code="AU", region="AU"),
    ],
)
def test_another_address_is_asked_for(asked, other):
    geocode(COLLINS)
    geocode(other)

    assert asked() == 2


def test_another_provider_is_asked_itself(asked, provider, ask_at, httpserver):
    geocode(COLLINS)
    other = "photon" if provider == "google" else "google"
    ask_at(other, f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS[other]).respond_with_json(answers.FOUND[other])

    assert geocode(COLLINS).place_id == answers.PLACE_IDS[other]
    assert asked() == 2


def test_a_good_answer_is_kept_for_thirty_days(asked):
    with time_machine.travel("2026-01-01T00:00Z") as traveller:
        geocode(COLLINS)
        traveller.shift(timedelta(days=29))
        geocode(COLLINS)
        assert asked() == 1
        traveller.shift(timedelta(days=2))
        geocode(COLLINS)

    assert asked() == 2


def test_not_found_is_kept_for_an_hour(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_json(answers.NOTHING[provider])
    with time_machine.travel("2026-01-01T00:00Z") as traveller:
        assert [found_or_reason(), found_or_reason()] == ["not_found"] * 2
        assert len(httpserver.log) == 1
        traveller.shift(timedelta(minutes=61))
        assert found_or_reason() == "not_found"

    assert len(httpserver.log) == 2


def test_a_failure_is_not_kept(provider, path, httpserver):
    httpserver.expect_ordered_request(path).respond_with_data("no", status=503)
    httpserver.expect_ordered_request(path).respond_with_json(answers.FOUND[provider])

    assert found_or_reason() == "unavailable"
    assert found_or_reason().city == "Melbourne"


def test_without_its_cache_geocoding_works_on(asked, absent_cache):
    assert geocode(COLLINS) == geocode(COLLINS)
    assert asked() == 2


def test_an_entry_of_another_version_is_asked_for_anew(asked, settings):
    from django.core.cache import cache

    from customers.geocoding.service import cache_key

    geocode(COLLINS)
    cache.set(cache_key(COLLINS), {"lat": 1, "lon": 2})

    assert geocode(COLLINS).city == "Melbourne"
    assert asked() == 2
