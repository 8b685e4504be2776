"""Geocode addresses of many countries as people type them: correctly, or not at all.

`addresses.txt` is the table with which the geocoder was developed. `addresses_held_out.txt` and
`addresses_checked.txt` were written afterwards; the latter has more countries. House numbers are
invented, towns and postcodes are real.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from customers.geocoding import Location, NotPlaced, Query, geocode
from customers.places import find_state

TABLES = ("addresses.txt", "addresses_held_out.txt", "addresses_checked.txt")
UNDER_ANOTHER_FLAG = {"PR", "GU", "VI", "AS", "MP", "NC", "RE", "MQ", "GP"}


@dataclass(frozen=True)
class Row:
    """An address, the country of its store, and the right answer: "GB-ENG", or "SG" alone."""

    store: str
    text: str
    where: str

    @property
    def country(self) -> str:
        return self.where[:2]

    @property
    def at_home(self) -> bool:
        return self.store == self.country


def rows_of(table: str) -> list[Row]:
    lines = Path(__file__).with_name(table).read_text(encoding="utf-8").splitlines()
    return [Row(*line.split(" | ")) for line in lines if line and not line.startswith("#")]


def verdict(row: Row) -> str:
    try:
        location = geocode(Query(text=row.text, region=row.store))
    except NotPlaced:
        return "not placed"
    if row.country not in (location.country_code, territory_of(location)):
        return "wrong country"
    if row.where in regions_of(location) or len(row.where) == 2:
        return "right"
    return "wrong region" if location.state else "no region"


def territory_of(location: Location) -> str:
    """Return the code of a territory that is placed as a state of its country, else ""."""
    return location.state_code if location.state_code in UNDER_ANOTHER_FLAG else ""


def regions_of(location: Location) -> set[str]:
    """Return the codes of the result's region and of its parent region."""
    state = find_state(location.state_code or location.state, location.country_code)
    codes = {state.code, state.parent} if state else set()
    return {f"{location.country_code}-{code}" for code in codes if code}


@pytest.fixture(scope="module", params=TABLES)
def verdicts(request) -> dict[Row, str]:
    return {row: verdict(row) for row in rows_of(request.param)}


def rows_judged(verdicts: dict[Row, str], *words: str) -> list[Row]:
    return [row for row, judgement in verdicts.items() if judgement in words]


def test_table_is_large():
    rows = rows_of(TABLES[0])

    assert len(rows) >= 400
    assert len({row.text for row in rows}) >= 400
    assert len({row.country for row in rows}) >= 40
    assert min(Counter(row.at_home for row in rows).values()) >= 100


def test_no_address_is_placed_in_another_country(verdicts):
    assert rows_judged(verdicts, "wrong country") == []


def test_at_most_five_percent_are_in_a_wrong_region(verdicts):
    elsewhere = rows_judged(verdicts, "wrong country", "wrong region", "no region")

    assert len(elsewhere) <= 0.05 * len(verdicts), elsewhere


def test_ninety_percent_of_domestic_ones_are_placed(verdicts):
    at_home = [row for row in verdicts if row.at_home]
    missed = [row for row in rows_judged(verdicts, "not placed") if row.at_home]

    assert len(missed) <= 0.1 * len(at_home), missed


@pytest.mark.parametrize("store", ["AU", "GB", "US", "NL", "DE", "IN", "ZA", "BR", "JP", ""])
@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("221B Baker Street, London NW1 6XE, England", "GB"),
        ("14 Rose Street, Edinburgh EH2 2PR, Scotland", "GB"),
        ("8 St Mary Street, Cardiff CF10 1AA, Wales", "GB"),
        ("17 Royal Avenue, Belfast BT1 1FB, Northern Ireland", "GB"),
        ("221B Baker Street, London NW1 6XE", "GB"),
        ("22 rue de Rivoli, Paris 75004", "FR"),
        ("Via del Corso 110, Roma 00186", "IT"),
        ("Dam 1, 1012 JS Amsterdam, Nederland", "NL"),
        ("Dam 1, 1012 JS Amsterdam", "NL"),
        ("Friedrichstraße 43, 10117 Berlin, Deutschland", "DE"),
        ("Mariahilfer Straße 55, 1060 Wien, Österreich", "AT"),
        ("14 rue de la République, 69002 Lyon CEDEX 02, France", "FR"),
        ("Nizami küçəsi 40, Bakı AZ1000, Azərbaycan", "AZ"),
        ("12 King Saud Street, Dammam 32241, KSA", "SA"),
        ("Calle de Alcalá 20, 28014 Madrid, España", "ES"),
        ("1-2-3 Ginza, Chuo-ku, Tokyo 104-0061, 日本", "JP"),
        ("12 King Fahd Road, Riyadh 11564, المملكة العربية السعودية", "SA"),
    ],
)
def test_full_address_is_independent_of_the_store(store, text, country):
    assert geocode(Query(text=text, region=store)).country_code == country


@pytest.mark.parametrize("store", ["AU", "US", "GB"])
def test_whole_line_in_the_street_field_is_split(store):
    line = "221B Baker Street, London NW1 6XE, England"
    queries = [
        Query(street=line, region=store),
        Query(street=line, country="United Kingdom", country_code="GB", region=store),
    ]

    assert {geocode(query).country_code for query in queries} == {"GB"}


@pytest.mark.parametrize("county", ["Middlesex", "Cheshire", "Sussex", "Yorkshire", "Cleveland"])
@pytest.mark.parametrize("store", ["GB", "AU", "NL"])
def test_british_county_is_no_american_town(county, store):
    for text in (f"12 High Street, {county}", f"12 High Street, Zzzville, {county}"):
        try:
            country = geocode(Query(text=text, region=store)).country_code
        except NotPlaced:
            continue
        assert country == store, text


@pytest.mark.parametrize(
    ("store", "text"),
    [
        ("AU", "10 High Street, SW1A 1AA, Richmond"),
        ("US", "221B Baker Street, London NW1 6XE, Englnd"),
        ("US", "1 rue de Rivoli, Paris 75460-9999, Texass"),
        ("US", "Dam 3, 1012 JS, Amsterdam"),
        ("US", "Buenos Aires, AR"),
        ("US", "San Jose, PA"),
        ("US", "Kyiv"),
        ("AU", "Boston"),
        ("GB", "Perth, WA 6000"),
        ("DE", "Musterweg 5, 12345 Zzzdorf"),
        ("NL", "Kerkstraat 5, Nederland"),
        ("US", "Marktgasse 3, 3000 Berlin"),
        ("AU", "Kerkstraat 10, 1012 JS Perth"),
        ("US", "5 Cowick Street, Exeter, Devon"),
        ("US", "9 Corn Street, Bristol, Avon"),
        ("US", "Rua da Carreira 43, 9000-042 Funchal, Madeira"),
        ("US", "Calle Morelos 12, Monterrey, Nuevo León 64000"),
    ],
)
def test_contradictory_parts_are_not_placed(store, text):
    with pytest.raises(NotPlaced):
        geocode(Query(text=text, region=store))


@pytest.mark.parametrize(
    "words",
    [
        {"text": "San Juan, PR 00901, US"},
        {"text": "San Juan, PR"},
        {"text": "San Juan, Puerto Rico"},
        {"text": "San Juan 00901"},
        {"text": "San Juan, US"},
        {"text": "Carolina, PR 00979"},
        {"city": "San Juan", "state": "PR", "postcode": "00901", "country": "US"},
        {"city": "San Juan", "state_code": "PR", "country_code": "US"},
        {"city": "Carolina", "state": "Puerto Rico", "country": "United States"},
        {"city": "Ponce", "country": "PR"},
    ],
)
@pytest.mark.parametrize("store", ["US", "PR", "AU"])
def test_town_of_puerto_rico_is_placed_only_there(store, words):
    try:
        location = geocode(Query(**words, region=store))
    except NotPlaced:
        assert store == "AU"  # some of these do not say which country they are in
        assert not words.keys() & {"country", "country_code"}
        return
    assert "PR" in (location.country_code, location.state_code)
    assert 17.8 < location.latitude < 18.6
    assert -67.4 < location.longitude < -65.2
