"""What each provider is asked, and how its answer is read."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest

from customers.geocoding import NotPlaced, Query, geocode, seconds_between_requests

from . import answers

COLLINS = Query(
    street="100 Collins Street",
    city="Melbourne",
    state="Victoria",
    state_code="VIC",
    postcode="3000",
    country="Australia",
    country_code="AU",
    region="AU",
)
LINE = Query(text="100 Collins Street, Melbourne VIC 3000, Australia", region="AU")


@pytest.mark.parametrize("query", [COLLINS, LINE])
def test_an_address_is_placed_with_its_components(provider, path, httpserver, query):
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])

    found = geocode(query)

    assert (found.latitude, found.longitude) == (Decimal("-37.8148041"), Decimal("144.9709561"))
    assert found.place_id == answers.PLACE_IDS[provider]
    assert found.approximate is False
    assert found.formatted_address.startswith("100 Collins St")
    assert (found.street, found.city, found.postcode) == (
        "100 Collins Street",
        "Melbourne",
        "3000",
    )
    assert (found.state, found.state_code) == ("Victoria", "VIC")
    assert (found.country, found.country_code) == ("Australia", "AU")


def test_an_address_nobody_knows_is_not_found(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_json(answers.NOTHING[provider])

    with pytest.raises(NotPlaced) as refusal:
        geocode(COLLINS)

    assert refusal.value.reason == "not_found"


def test_the_server_is_told_who_asks(provider, path, httpserver, settings):
    settings.GEOCODER_USER_AGENT = "clientele-of-a-bakery"
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])

    geocode(COLLINS)

    (request, _), *others = httpserver.log
    assert not others
    assert request.headers["User-Agent"] == "clientele-of-a-bakery"


def test_google_is_asked_with_key_country_and_region(ask_at, httpserver):
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answers.GOOGLE)

    geocode(Query(text="1 High Street", country_code="GB", region="GB"))

    asked = httpserver.log[0][0].args
    assert asked["key"] == "the-secret-key"
    assert asked["address"] == "1 High Street"
    assert asked["components"] == "country:GB"
    assert asked["region"] == "uk"


def test_nominatim_is_asked_by_component(ask_at, httpserver):
    ask_at("nominatim", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request("/search").respond_with_json(answers.NOMINATIM)

    geocode(COLLINS)

    asked = httpserver.log[0][0].args
    assert asked["street"] == "100 Collins Street"
    assert asked["postalcode"] == "3000"
    assert asked["countrycodes"] == "au"
    assert "q" not in asked


@pytest.mark.parametrize(
    ("change", "approximate"),
    [
        ({"geometry": {"location_type": "GEOMETRIC_CENTER"}}, True),
        ({"geometry": {"location_type": "RANGE_INTERPOLATED"}}, False),
        ({"partial_match": True}, True),
    ],
)
def test_google_says_how_exact_it_is(ask_at, httpserver, change, approximate):
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    result = answer["results"][0]
    result["geometry"] |= change.pop("geometry", {})
    result |= change
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    assert geocode(COLLINS).approximate is approximate


def test_a_unit_stays_in_the_street(ask_at, httpserver):
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    unit = {"long_name": "4", "short_name": "4", "types": ["subpremise"]}
    answer["results"][0]["address_components"].append(unit)
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    assert geocode(COLLINS).street == "4/100 Collins Street"


def test_a_guess_in_another_country_is_not_the_address(ask_at, httpserver):
    ask_at("photon", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request("/api").respond_with_json(answers.PHOTON)

    with pytest.raises(NotPlaced) as refusal:
        geocode(Query(city="Melbourne", country="United States", country_code="US"))

    assert refusal.value.reason == "not_found"


def test_text_that_no_column_could_keep_is_cut_or_dropped(ask_at, httpserver):
    ask_at("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    answer["results"][0] |= {
        "formatted_address": "100\0 Collins\ud800 " + "x" * 5000,
        "place_id": 7,
    }
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    found = geocode(COLLINS)

    assert found.formatted_address.startswith("100 Collins xxx")
    assert len(found.formatted_address) == 1000
    assert found.place_id == ""


def test_public_servers_are_given_a_pause_and_ones_own_is_not(settings):
    settings.GEOCODER_DOMAIN = None
    pauses = {}
    for settings.GEOCODER in ("offline", "google", "nominatim", "photon"):
        pauses[settings.GEOCODER] = seconds_between_requests()
    settings.GEOCODER_DOMAIN = "geocoder.example.org"

    assert pauses == {"offline": 0, "google": 0.02, "nominatim": 1, "photon": 1}
    assert seconds_between_requests() == 0
