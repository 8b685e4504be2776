from __future__ import annotations

import pytest

from customers.geocoding import Query, format_address


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            ("100 Collins Street", "Melbourne", "VIC", "3000", "Australia"),
            "100 Collins Street, Melbourne VIC 3000, Australia",
        ),
        (("", "Melbourne", "VIC", "3000", "Australia"), "Melbourne VIC 3000, Australia"),
        (("100 Collins Street", "", "", "", "Australia"), "100 Collins Street, Australia"),
        (("100 Collins Street", "Melbourne", "", "3000", ""), "100 Collins Street, Melbourne 3000"),
        (("", "", "", "", ""), ""),
    ],
)
def test_absent_parts_are_skipped(parts, line):
    assert format_address(*parts) == line


def test_query_is_one_line_from_text_or_parts():
    assert Query(text="1 High Street").line == "1 High Street"
    assert Query(street="1 High Street", state="Victoria", country_code="AU").line == (
        "1 High Street, Victoria, AU"
    )


# Street, city, state, postcode, code of the state, code of the country; the line without the country.
HABITS = [
    ("10 Downing Street", "London", "London", "SW1A 2AA", "", "GB", "London SW1A 2AA"),
    ("7 Foregate St", "Chester", "Cheshire", "CH1 1HE", "", "GB", "Chester CH1 1HE"),
    ("3 North Rd", "Durham", "Durham", "DH1 3RB", "DUR", "GB", "Durham DH1 3RB"),
    ("100 Collins St", "Melbourne", "Victoria", "3000", "VIC", "AU", "Melbourne VIC 3000"),
    ("350 5th Ave", "New York", "New York", "10118", "NY", "US", "New York, NY 10118"),
    ("9 Calle Sol", "San Juan", "Puerto Rico", "00901", "PR", "US", "San Juan, PR 00901"),
    ("55 Bloor St W", "Toronto", "Ontario", "M4W 1A5", "ON", "CA", "Toronto ON M4W 1A5"),
    ("27 Queen St", "Auckland", "Auckland", "1010", "AUK", "NZ", "Auckland 1010"),
    ("7 Shop St", "Galway", "Galway", "H91 T2N3", "G", "IE", "Galway, Co. Galway H91 T2N3"),
    ("Marienplatz 1", "München", "Bayern", "80331", "BY", "DE", "80331 München"),
    ("Graben 5", "Wien", "Wien", "1010", "9", "AT", "1010 Wien"),
    ("Bahnhofstr. 1", "Zürich", "Zürich", "8001", "ZH", "CH", "8001 Zürich"),
    ("5 rue de Rivoli", "Paris", "Île-de-France", "75001", "IDF", "FR", "75001 Paris"),
    ("Dam 1", "Amsterdam", "Noord-Holland", "1012 JS", "NH", "NL", "1012 JS Amsterdam"),
    ("Via Dante 7", "Milano", "Lombardia", "20121", "25", "IT", "20121 Milano"),
    ("Via Dante 7", "Monza", "Monza e Brianza", "20900", "MB", "IT", "20900 Monza MB"),
    ("Gran Vía 3", "Alcalá", "Madrid", "28801", "M", "ES", "28801 Alcalá Madrid"),
    ("Gran Vía 3", "Madrid", "Comunidad de Madrid", "28013", "MD", "ES", "28013 Madrid"),
    ("ul. Długa 4", "Gdańsk", "Pomorskie", "80-827", "22", "PL", "80-827 Gdańsk"),
    ("Vodičkova 1", "Praha", "Hlavní město Praha", "110 00", "10", "CZ", "110 00 Praha"),
    ("Storgatan 9", "Umeå", "Västerbottens län", "903 26", "AC", "SE", "903 26 Umeå"),
    ("Av. Paulista 1", "São Paulo", "São Paulo", "01310-100", "SP", "BR", "São Paulo-SP 01310-100"),
    ("Calle Roma 5", "Puebla", "Puebla", "72000", "PUE", "MX", "72000 Puebla"),
    ("24 MG Road", "Bengaluru", "Karnataka", "560001", "KA", "IN", "Bengaluru 560001, Karnataka"),
    ("7 Tariq Road", "Karachi", "Sindh", "75400", "SD", "PK", "Karachi-75400"),
    ("1-2-3 Ginza", "Chuo-ku", "Tokyo", "104-0061", "13", "JP", "Chuo-ku, Tokyo 104-0061"),
    ("8 Orchard Road", "Singapore", "", "238841", "", "SG", "Singapore 238841"),
    ("12 Nathan Road", "Kowloon", "", "", "", "HK", "Kowloon"),
    ("İstiklal 4", "Beyoğlu", "İstanbul", "34430", "34", "TR", "34430 Beyoğlu/İstanbul"),
    ("Arbat 12", "Khimki", "Moskovskaya oblast'", "141400", "MOS", "RU", "Khimki, Moskovskaya oblast' 141400"),
    ("15 Talaat Harb", "Cairo", "Al Qāhirah", "11511", "C", "EG", "Cairo 11511"),
    ("12 King Fahd Rd", "Riyadh", "Ar Riyāḑ", "11564", "01", "SA", "Riyadh 11564"),
    ("12 Oxford St", "Accra", "Greater Accra", "", "AA", "GH", "Accra"),
    ("5 Jalan Kota", "George Town", "Pulau Pinang", "10300", "07", "MY", "10300 George Town, Pulau Pinang"),
    ("Váci utca 9", "Budapest", "Budapest", "1052", "BU", "HU", None),
]  # fmt: skip


@pytest.mark.parametrize("habit", HABITS)
def test_address_has_its_countrys_format(habit):
    street, city, state, postcode, state_code, country_code, locality = habit
    expected = f"{street}, {locality}" if locality else "Budapest, Váci utca 9, 1052"
    line = format_address(
        street, city, state, postcode, "", state_code=state_code, country_code=country_code
    )

    assert line == expected


def test_address_in_local_script_starts_large():
    line = format_address(
        "丸の内1-1", "千代田区", "Tokyo", "100-0005", "日本", state_code="13", country_code="JP"
    )

    assert line == "100-0005, 東京都, 千代田区, 丸の内1-1, 日本"


@pytest.mark.parametrize("code", ["30", "07", "9"])
def test_numeric_state_code_is_not_printed(code):
    for country in ("", "GR", "MY", "AT", "XX"):
        line = format_address("1 X", "Y", "Name", "123", "Z", state_code=code, country_code=country)
        assert f" {code}" not in line
        assert f"{code}," not in line


def test_state_replaces_a_missing_town():
    assert format_address("", "", "Middlesex", "", "United Kingdom", country_code="GB") == (
        "Middlesex, United Kingdom"
    )
