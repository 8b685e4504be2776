"""Countries and states in any spelling."""

import contextlib

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.places import (
    Place,
    PlaceErrors,
    find_country,
    find_state,
    resolve,
    resolve_strict,
    states_in_all_countries,
)
from customers.places.names import COUNTRY_ALIASES, STATE_ALIASES

VICTORIA = Place("VIC", "Victoria", "AU", "Australia")
CALIFORNIA = Place("CA", "California", "US", "United States")


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        ("US", "US", "United States"),
        ("usa", "US", "United States"),
        ("U.S.A.", "US", "United States"),
        ("united states of america", "US", "United States"),
        ("UK", "GB", "United Kingdom"),
        ("Great Britain", "GB", "United Kingdom"),
        ("AUS", "AU", "Australia"),
        ("South Korea", "KR", "South Korea"),
        ("Korea, Republic of", "KR", "South Korea"),
        ("Republic of Korea", "KR", "South Korea"),
        ("Russia", "RU", "Russia"),
        ("Russian Federation", "RU", "Russia"),
        ("Vietnam", "VN", "Vietnam"),
        ("Viet Nam", "VN", "Vietnam"),
        ("Czech Republic", "CZ", "Czechia"),
        ("Taiwan", "TW", "Taiwan"),
        ("The Netherlands", "NL", "Netherlands"),
        ("Cote d’Ivoire", "CI", "Côte d'Ivoire"),
        ("Turkey", "TR", "Türkiye"),
        ("Trinidad & Tobago", "TT", "Trinidad and Tobago"),
        ("St. Lucia", "LC", "Saint Lucia"),
        ("  new   ZEALAND ", "NZ", "New Zealand"),
    ],
)
def test_country_is_found_in_common_spellings(written: str, code: str, name: str) -> None:
    country = find_country(written)
    assert country is not None
    assert (country.code, country.name) == (code, name)


@pytest.mark.parametrize(
    "written", ["", "  ", "Atlantis", "Middle-earth", "ZZ", "-", "x" * 10_000, None]
)
def test_country_outside_iso_is_not_found(written: str | None) -> None:
    assert find_country(written) is None


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("VIC", "AU", "VIC"),
        ("vic", "au", "VIC"),
        ("AU-VIC", "AU", "VIC"),
        ("vICTORIA", "AU", "VIC"),
        ("New South Wales", "AU", "NSW"),
        ("Auckland", "NZ", "AUK"),
        ("Auckland Region", "NZ", "AUK"),
        ("Hawkes Bay", "NZ", "HKB"),
        ("Québec", "CA", "QC"),
        ("Washington State", "US", "WA"),
        ("Washington, D.C.", "US", "DC"),
        ("Bavaria", "DE", "BY"),
        ("Catalonia", "ES", "CT"),
        ("Cataluña", "ES", "CT"),
        ("Madrid", "ES", "M"),
        ("Comunidad de Madrid", "ES", "MD"),
        ("Co. Dublin", "IE", "D"),
        ("Bristol", "GB", "BST"),
        ("City of Bristol", "GB", "BST"),
        ("Maharashtra", "IN", "MH"),
        ("Guangdong", "CN", "GD"),
        ("Seoul", "KR", "11"),
        ("Stockholm", "SE", "AB"),
        ("Chiayi", "TW", "CYI"),
        ("Chiayi County", "TW", "CYQ"),
        ("Ile de France", "FR", "IDF"),
    ],
)
def test_state_is_found_in_common_spellings(written: str, country: str, code: str) -> None:
    state = find_state(written, country)
    assert state is not None
    assert (state.code, state.country_code) == (code, country.upper())


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("", "NA"),
        ("VIC", "NZ"),
        ("Rivendell", "AU"),
        ("Victoria", ""),
        ("VIC", "ZZ"),
        ("/", "NA"),
        (None, "AU"),
    ],
)
def test_state_of_another_country_is_not_found(written: str | None, country: str) -> None:
    assert find_state(written, country) is None


def test_every_alias_is_a_country() -> None:
    for alias, code in COUNTRY_ALIASES.items():
        country = find_country(alias)
        assert country is not None
        assert country.code == code
    for country_code, aliases in STATE_ALIASES.items():
        for alias, code in aliases.items():
            state = find_state(alias, country_code)
            assert state is not None
            assert state.code == code


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("California", "US-CA"),
        ("Auckland", "NZ-AUK"),
        ("Georgia", "US-GA"),
        ("WA", "US-WA"),
        ("NT", "AU-NT"),
        ("Limburg", "BE-VLI"),
    ],
)
def test_state_alone_ranks_the_likeliest_first(written: str, first: str) -> None:
    state = states_in_all_countries(written)[0]
    assert f"{state.country_code}-{state.code}" == first


def test_countries_with_a_state_are_listed_once() -> None:
    assert [state.country_code for state in states_in_all_countries("Limburg")] == ["BE", "NL"]
    assert states_in_all_countries("Rivendell") == states_in_all_countries("") == []


def test_numeric_state_code_needs_its_country() -> None:
    assert states_in_all_countries("13") == []
    assert find_state("13", "JP") is not None


@pytest.mark.parametrize(
    ("state", "country", "place"),
    [
        ("California", "United States", CALIFORNIA),
        ("CA", "us", CALIFORNIA),
        ("Victoria", "AU", VICTORIA),
        ("The Deep", "Atlantis", Place("", "The Deep", "", "Atlantis")),
        ("The Deep", "Australia", Place("", "The Deep", "AU", "Australia")),
        ("Victoria", "Atlantis", Place("", "Victoria", "", "Atlantis")),
        ("", "Australia", Place("", "", "AU", "Australia")),
        (None, None, Place("", "", "", "")),
    ],
)
def test_lenient_mode_keeps_names_outside_iso(
    state: str | None, country: str | None, place: Place
) -> None:
    assert resolve(state, country) == place


def test_state_alone_is_read_as_the_stores_state() -> None:
    assert resolve("Victoria", "", "AU") == Place("VIC", "Victoria", "", "")
    assert resolve("California", "", "AU") == Place("", "California", "", "")


@pytest.mark.parametrize(
    "sent",
    [
        ("Victoria", "", "", ""),
        ("vICTORIA", None, None, None),
        ("VIC", "", "", ""),
        ("", "vic", "", ""),
        ("Victoria", "", "australia", ""),
        ("Victoria", "", "au", ""),
        ("", "VIC", "", "au"),
        ("Victoria", "VIC", "Australia", "AU"),
        (" Victoria ", None, "", None),
        ("VIC", "Victoria", "AU", "Australia"),
    ],
)
def test_state_and_country_accept_names_or_codes(sent: tuple[str, str, str, str]) -> None:
    assert resolve_strict(*sent, "AU") == VICTORIA


def test_ambiguous_state_is_of_the_stores_country() -> None:
    assert resolve_strict("WA", "", "", "", "AU").state_name == "Western Australia"
    assert resolve_strict("WA", "", "", "", "US").state_name == "Washington"
    assert resolve_strict("WA", "", "US", "", "AU").state_name == "Washington"
    assert resolve_strict("California", "", "", "", "AU") == CALIFORNIA


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        (("Rivendell", "", "Middle-earth", ""), Place("", "Rivendell", "", "Middle-earth")),
        (("Rivendell", "", "", ""), Place("", "Rivendell", "", "")),
        (("Pristina", "PR", "Kosovo", "XK"), Place("PR", "Pristina", "XK", "Kosovo")),
        (("Kowloon", "", "Hong Kong", "HK"), Place("", "Kowloon", "HK", "Hong Kong")),
    ],
)
def test_strict_mode_keeps_names_outside_iso(sent: tuple[str, str, str, str], place: Place) -> None:
    assert resolve_strict(*sent, "AU") == place


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        (("", "", "Australia", ""), [("state", "state_required")]),
        ((" ", None, "Australia", ""), [("state", "state_required")]),
        (("Victoria", "", "New Zealand", ""), [("state", "state_not_in_country")]),
        (("Victoria", "VIC", "New Zealand", ""), [("state", "state_not_in_country")]),
        (("", "VIC", "", "NZ"), [("state_code", "state_not_in_country")]),
        (("Victoria", "NSW", "", ""), [("state_code", "state_code_mismatch")]),
        (("Victoria", "NSW", "Australia", ""), [("state_code", "state_code_mismatch")]),
        (("Rivendell", "VIC", "", ""), [("state_code", "state_code_mismatch")]),
        (("Victoria", "ZZZ", "", ""), [("state_code", "unknown_state_code")]),
        (("Victoria", "ZZZ", "Australia", ""), [("state_code", "unknown_state_code")]),
        (("", "ZZZ", "", ""), [("state_code", "unknown_state_code")]),
        (("Victoria", "", "Australia", "NZ"), [("country_code", "country_code_mismatch")]),
        (("Victoria", "", "Australia", "ZZ"), [("country_code", "unknown_country_code")]),
        (("Victoria", "", "", "ZZ"), [("country_code", "unknown_country_code")]),
        (
            ("Victoria", "NSW", "Australia", "NZ"),
            [("country_code", "country_code_mismatch"), ("state_code", "state_code_mismatch")],
        ),
        (
            ("Rivendell", "RIVEN", "Middle-earth", "MEARTH"),
            [("country_code", "unknown_country_code"), ("state_code", "unknown_state_code")],
        ),
    ],
)
def test_strict_mode_reports_every_mismatch(
    sent: tuple[str, str, str, str], errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(PlaceErrors) as refusal:
        resolve_strict(*sent, "AU")
    assert refusal.value.errors == errors


def test_every_iso_state_resolves_to_itself() -> None:
    for row in pycountry.subdivisions:
        country = find_country(row.country_code)
        state = find_state(row.code[3:], row.country_code)
        assert country is not None
        assert state is not None
        place = Place(row.code[3:], state.name, country.code, country.name)
        shown = (place.state_name, place.state_code, place.country_name, place.country_code)
        assert resolve_strict(*shown, "AU") == place
        assert resolve(place.state_code, place.country_code) == place


def test_every_iso_country_is_found_by_its_name() -> None:
    for row in pycountry.countries:
        country = find_country(row.alpha_2)
        assert country is not None
        assert country.code == row.alpha_2
        assert find_country(country.name) == country


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_resolved_or_refused(
    state: str, state_code: str, country: str, country_code: str
) -> None:
    with contextlib.suppress(PlaceErrors):
        assert resolve_strict(state, state_code, country, country_code, "AU").state_name


@given(st.text(), st.text())
def test_resolving_twice_changes_nothing(state: str, country: str) -> None:
    place = resolve(state, country)
    assert resolve(place.state_name, place.country_name) == place
