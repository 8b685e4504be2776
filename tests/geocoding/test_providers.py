"""Requests to each provider, and parsing of its responses."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest

from customers.geocoding import NotPlaced, Query, geocode, seconds_between_requests
from tests.geocoding import answers

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
def test_address_is_geocoded_with_its_components(provider, path, httpserver, query):
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])

    location = geocode(query)

    assert (location.latitude, location.longitude) == (
        Decimal("-37.8148041"),
        Decimal("144.9709561"),
    )
    assert location.place_id == answers.PLACE_IDS[provider]
    assert location.approximate is False
    assert location.formatted_address.startswith("100 Collins St")
    assert (location.street, location.city, location.postcode) == (
        "100 Collins Street",
        "Melbourne",
        "3000",
    )
    assert (location.state, location.state_code) == ("Victoria", "VIC")
    assert (location.country, location.country_code) == ("Australia", "AU")


def test_unknown_address_is_not_found(provider, path, httpserver):
    httpserver.expect_request(path).respond_with_json(answers.NOTHING[provider])

    with pytest.raises(NotPlaced) as refusal:
        geocode(COLLINS)

    assert refusal.value.reason == "not_found"


def test_request_has_the_user_agent(provider, path, httpserver, settings):
    settings.GEOCODER_USER_AGENT = "clientele-of-a-bakery"
    httpserver.expect_request(path).respond_with_json(answers.FOUND[provider])

    geocode(COLLINS)

    (request, _), *others = httpserver.log
    assert not others
    assert request.headers["User-Agent"] == "clientele-of-a-bakery"


def test_google_request_has_key_country_and_region(use_provider, httpserver):
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answers.GOOGLE)

    geocode(Query(text="1 High Street", country_code="GB", region="GB"))

    params = httpserver.log[0][0].args
    assert params["key"] == "the-secret-key"
    assert params["address"] == "1 High Street"
    assert params["components"] == "country:GB"
    assert params["region"] == "uk"


def test_nominatim_request_has_components(use_provider, httpserver):
    use_provider("nominatim", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request("/search").respond_with_json(answers.NOMINATIM)

    geocode(COLLINS)

    params = httpserver.log[0][0].args
    assert params["street"] == "100 Collins Street"
    assert params["postalcode"] == "3000"
    assert params["countrycodes"] == "au"
    assert "q" not in params


@pytest.mark.parametrize(
    ("change", "approximate"),
    [
        ({"geometry": {"location_type": "GEOMETRIC_CENTER"}}, True),
        ({"geometry": {"location_type": "RANGE_INTERPOLATED"}}, False),
        ({"partial_match": True}, True),
    ],
)
def test_google_result_may_be_approximate(use_provider, httpserver, change, approximate):
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    result = answer["results"][0]
    result["geometry"] |= change.pop("geometry", {})
    result |= change
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    assert geocode(COLLINS).approximate is approximate


def test_unit_stays_in_the_street(use_provider, httpserver):
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    unit = {"long_name": "4", "short_name": "4", "types": ["subpremise"]}
    answer["results"][0]["address_components"].append(unit)
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    assert geocode(COLLINS).street == "4/100 Collins Street"


def test_result_in_another_country_is_not_found(use_provider, httpserver):
    use_provider("photon", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request("/api").respond_with_json(answers.PHOTON)

    with pytest.raises(NotPlaced) as refusal:
        geocode(Query(city="Melbourne", country="United States", country_code="US"))

    assert refusal.value.reason == "not_found"


def test_unstorable_text_is_cut_or_dropped(use_provider, httpserver):
    use_provider("google", f"{httpserver.host}:{httpserver.port}")
    answer = deepcopy(answers.GOOGLE)
    answer["results"][0] |= {
        "formatted_address": "100\0 Collins\ud800 " + "x" * 5000,
        "place_id": 7,
    }
    httpserver.expect_request(answers.PATHS["google"]).respond_with_json(answer)

    location = geocode(COLLINS)

    assert location.formatted_address.startswith("100 Collins xxx")
    assert len(location.formatted_address) == 1000
    assert location.place_id == ""


def test_only_public_servers_get_a_pause(settings):
    settings.GEOCODER_DOMAIN = None
    pauses = {}
    for settings.GEOCODER in ("offline", "google", "nominatim", "photon"):
        pauses[settings.GEOCODER] = seconds_between_requests()
    settings.GEOCODER_DOMAIN = "geocoder.example.org"

    assert pauses == {"offline": 0, "google": 0.02, "nominatim": 1, "photon": 1}
    assert seconds_between_requests() == 0
