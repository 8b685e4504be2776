"""The offline geocoder."""

from __future__ import annotations

import os
import subprocess
import sys
from math import cos, hypot, radians

import pytest

from customers.geocoding import Location, NotPlaced, Query, gazetteer, geocode
from tests.geocoding.conftest import forget_gazetteer

MELBOURNE, SYDNEY = (-37.8136, 144.9631), (-33.8688, 151.2093)


def place(**words: str) -> Location | None:
    try:
        return geocode(Query(**words))
    except NotPlaced as refusal:
        if refusal.reason != "not_found":
            raise
        return None


def km(location: Location, point: tuple[float, float]) -> float:
    north = float(location.latitude) - point[0]
    east = (float(location.longitude) - point[1]) * cos(radians(point[0]))
    return 111.2 * hypot(north, east)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("100 Collins Street, Melbourne VIC 3000, Australia", "100 Collins Street"),
        ("456 Oak Ave, Melbourne, VIC 3000, Australia", "456 Oak Ave"),
        ("456 Oak Ave, Melbourne, Victoria, 3000, Australia", "456 Oak Ave"),
        ("456 Oak Ave, Melbourne, 3000 VIC, Australia", "456 Oak Ave"),
        ("456 Oak Ave Melbourne, VIC 3000", "456 Oak Ave"),
        ("100 Collins Street Melbourne VIC 3000 Australia", "100 Collins Street"),
        ("100 Collins Street\nMELBOURNE VIC 3000", "100 Collins Street"),
        ("Level 5, 100 Collins St, Melbourne VIC 3000", "Level 5, 100 Collins St"),
        ("100 collins street melbourne vic 3000 australia", "100 collins street"),
    ],
)
def test_line_is_split_into_components(text, street):
    location = place(text=text, region="AU")

    assert location.street == street
    assert (location.city, location.state, location.state_code) == ("Melbourne", "Victoria", "VIC")
    assert (location.postcode, location.country, location.country_code) == (
        "3000",
        "Australia",
        "AU",
    )
    assert location.formatted_address == f"{street}, Melbourne VIC 3000, Australia"
    assert km(location, MELBOURNE) < 2


def test_street_and_city_are_enough():
    location = place(text="100 Collins Street, Melbourne", region="AU")

    assert km(location, MELBOURNE) < 2
    assert location.formatted_address == "100 Collins Street, Melbourne VIC, Australia"
    assert location.postcode == ""


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ({"street": "100 Collins Street", "city": "Melbourne", "state": "VIC"}, MELBOURNE),
        ({"city": "Melbourne", "postcode": "3000"}, MELBOURNE),
        ({"street": "42 George Street", "city": "Sydney", "postcode": "2000"}, SYDNEY),
        ({"city": "Sydney", "state": "New South Wales"}, SYDNEY),
        ({"city": "sydney", "state": "nsw", "country": "AUS"}, SYDNEY),
        ({"postcode": "2000", "country": "Australia"}, SYDNEY),
    ],
)
def test_components_are_placed_within_two_km(words, point):
    assert km(place(region="AU", **words), point) < 2


def test_result_is_approximate_with_a_place_id():
    by_town = place(city="Melbourne", country_code="AU")
    by_postcode = place(city="Melbourne", postcode="3000", country_code="AU")

    assert by_town.approximate
    assert by_postcode.approximate
    assert by_town.place_id == "gn:2158177"
    assert by_postcode.place_id == "gn:AU-3000"


def test_postcode_refines_a_large_town():
    outer = place(city="Sydney", postcode="2155", country_code="AU")

    assert 20 < km(outer, SYDNEY) < 45


def test_unknown_town_is_placed_by_its_postcode():
    location = place(text="1 Mill Lane, Zzzxville VIC 3121, Australia", region="AU")

    assert location.place_id == "gn:AU-3121"
    assert (location.street, location.city) == ("1 Mill Lane", "Zzzxville")
    assert km(location, MELBOURNE) < 5


@pytest.mark.parametrize(
    "words",
    [
        {"text": "Invalid Address String"},
        {"text": "1 Qqzx Way, Zzyzxqqville, QQ 00000, Nowhereland"},
        {"city": "Zzyzxqqville", "state": "QQ", "postcode": "00000", "country": "Nowhereland"},
        {"city": "Melbourne", "country": "Nowhereland"},
        {"city": "Melbourne", "country": "Germany"},
        {"city": "Melbourne", "postcode": "10115", "country": "Germany"},
        {"city": "Melbourne", "state": "NSW", "country": "Australia"},
        {"postcode": "3000", "state": "NSW", "country": "Australia"},
        {"city": "Zzyzxqqville", "postcode": "3000"},
        {"text": "Zzyzxqqville, Germany"},
        {"text": "100 Collins Street"},
        {"text": "1 Unknown Road, Zzyzxqqville, Australia"},
        {"text": "3000"},
        {"text": "Australia"},
        {"country": "Australia"},
        {"text": "?!,;"},
    ],
)
def test_unknown_address_is_not_placed(words):
    assert place(region="AU", **words) is None


@pytest.mark.parametrize(
    ("words", "country", "state"),
    [
        ({"city": "Perth", "state": "WA", "region": "AU"}, "AU", "WA"),
        ({"city": "Melbourne", "state": "FL", "region": "AU"}, "US", "FL"),
        ({"city": "Melbourne", "country": "US", "region": "AU"}, "US", "FL"),
        ({"city": "Melbourne", "region": "US"}, "US", "FL"),
        ({"city": "Melbourne"}, "AU", "VIC"),
        ({"city": "Richmond", "postcode": "3121", "region": "AU"}, "AU", "VIC"),
        ({"city": "Richmond", "postcode": "7025", "country": "AU"}, "AU", "TAS"),
        ({"city": "Newcastle", "region": "AU"}, "AU", "NSW"),
        ({"text": "Perth, WA", "region": "AU"}, "AU", "WA"),
        ({"text": "1 Pike Place, Seattle, WA", "region": "AU"}, "US", "WA"),
        ({"text": "Los Angeles, CA", "region": "AU"}, "US", "CA"),
        ({"text": "Adelaide, SA", "region": "AU"}, "AU", "SA"),
        ({"text": "Atlanta, Georgia", "region": "AU"}, "US", "GA"),
        ({"text": "Tbilisi, Georgia", "region": "AU"}, "GE", "TB"),
        ({"text": "12 Smith Street Richmond, Victoria", "region": "AU"}, "AU", "VIC"),
        ({"text": "1 Main St, Lebanon, TN, USA", "region": "AU"}, "US", "TN"),
    ],
)
def test_ambiguous_town_is_the_likeliest_one(words, country, state):
    location = place(**words)

    assert (location.country_code, location.state_code) == (country, state)


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        (
            "10 Downing Street, London SW1A 2AA, UK",
            "10 Downing Street, London SW1A 2AA, United Kingdom",
        ),
        ("Marienplatz 1, 80331 München", "Marienplatz 1, 80331 München, Germany"),
        ("MARIENPLATZ 1, 80331 MÜNCHEN", "MARIENPLATZ 1, 80331 München, Germany"),
        ("350 5th Ave, New York, NY 10118", "350 5th Ave, New York, NY 10118, United States"),
        ("350 5th Ave, New York", "350 5th Ave, New York, NY, United States"),
        ("290 Bremner Blvd, Toronto, ON M5V 3L9", "290 Bremner Blvd, Toronto ON M5V 3L9, Canada"),
        ("1 Raffles Place, Singapore", "1 Raffles Place, Singapore, Singapore"),
        ("Dam 1, 1012 JS Amsterdam, NL", "Dam 1, 1012 JS Amsterdam, Netherlands"),
        ("5 Rue de Rivoli, 75001 Paris, France", "5 Rue de Rivoli, 75001 Paris, France"),
        (
            "12 Jalan Ampang, Kuala Lumpur 50450, Malaysia",
            "12 Jalan Ampang, 50450 Kuala Lumpur, Malaysia",
        ),
        ("10 Acland St, St Kilda VIC 3182", "10 Acland St, St Kilda VIC 3182, Australia"),
    ],
)
def test_addresses_are_read_in_national_formats(text, formatted):
    assert place(text=text, region="AU" if "VIC" in text else "").formatted_address == formatted


@pytest.mark.parametrize("city", ["Köln", "KOLN", "köln", "Koln", "Cologne"])
def test_towns_match_in_any_spelling(city):
    assert place(city=city, country="Germany").place_id == "gn:2886242"


def test_whole_line_in_the_street_field_is_split():
    assert place(street="100 Collins Street, Melbourne", region="AU").city == "Melbourne"


@pytest.mark.parametrize("broken", ["missing.zip", "garbage.zip"])
def test_missing_gazetteer_is_unavailable(tmp_path, monkeypatch, broken):
    (tmp_path / "garbage.zip").write_bytes(b"no archive")
    monkeypatch.setattr(gazetteer, "FILE", tmp_path / broken)
    forget_gazetteer()
    with pytest.raises(NotPlaced) as refusal:
        geocode(Query(city="Melbourne"))
    forget_gazetteer()

    assert refusal.value.reason == "unavailable"


@pytest.mark.parametrize(
    ("word", "place_id"), [("AU 3000 VIC ", "gn:AU-3000"), ("melbourne, ", "gn:2158177")]
)
def test_line_that_repeats_its_town_is_placed(word, place_id):
    assert place(text=word * 80, region="AU").place_id == place_id


@pytest.mark.parametrize("text", ["12 " * 300, "saint a b c d " * 60])
def test_long_line_without_a_town_is_not_found(text):
    assert place(text=text, region="AU") is None


def test_memory_use_is_small():
    script = """
import resource
from django.conf import settings
settings.configure(GEOCODER="offline")
from customers.geocoding import Query, geocode
def kilobytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from customers.places import find_state
find_state("VIC", "AU")
before = kilobytes()
for city in ("Melbourne", "Paris", "Toronto", "Berlin", "Springfield", "San Jose"):
    geocode(Query(city=city))
print(kilobytes() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )

    assert int(done.stdout) < 60_000


def test_forked_process_can_use_it():
    place(city="Melbourne")
    child = os.fork()
    if not child:
        os._exit(0 if place(city="Ouagadougou") else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
