"""States as people write them: in English, in the country's language, as the post does."""

from __future__ import annotations

import pytest

from customers.models import Address
from customers.services.customers import create_customer
from stores.actors import SYSTEM
from tests.manufacturing.conftest import VICTORIA, messages, required_fields

# (state, country, code of the state as shown; None where ISO has none)
EVERYDAY = [
    ("Riyadh", "Saudi Arabia", "01"),
    ("Makkah", "SA", "02"),
    ("Eastern Province", "Saudi Arabia", "04"),
    ("الرياض", "المملكة العربية السعودية", "01"),
    ("Cairo", "Egypt", "C"),
    ("Alexandria", "Egypt", "ALX"),
    ("Giza", "Egypt", "GZ"),
    ("القاهرة", "مصر", "C"),
    ("Prague", "Czech Republic", "10"),
    ("Praha", "Czechia", "10"),
    ("South Moravian Region", "Czechia", "64"),
    ("Rome", "Italy", "RM"),
    ("Milan", "Italy", "MI"),
    ("Naples", "Italia", "NA"),
    ("Lombardy", "Italy", "25"),
    ("Greater Manchester", "United Kingdom", None),
    ("West Midlands", "England", None),
    ("Tyne and Wear", "GB", None),
    ("Middlesex", "UK", None),
    ("London", "United Kingdom", None),
    ("Greater London", "United Kingdom", None),
    ("Kent", "England", "KEN"),
    ("County Antrim", "Northern Ireland", None),
    ("東京都", "日本", "13"),
    ("東京都", "Japan", "13"),
    ("Tokyo", "Japan", "13"),
    ("大阪府", "JP", "27"),
    ("Hokkaidō", "Japan", "01"),
    ("AE", "US", "AE"),
    ("AP", "United States", "AP"),
    ("Armed Forces Europe", "USA", "AE"),
    ("Puerto Rico", "USA", "PR"),
    ("北京市", "中国", "BJ"),
    ("Guangdong", "China", "GD"),
    ("Guangdong Province", "China", "GD"),
    ("Seoul", "South Korea", "11"),
    ("서울특별시", "대한민국", "11"),
    ("Gyeonggi-do", "South Korea", "41"),
    ("Moscow", "Russia", "MOW"),
    ("Moscow Oblast", "Russia", "MOS"),
    ("Московская область", "Россия", "MOS"),
    ("Saint Petersburg", "Russian Federation", "SPE"),
    ("Kyiv", "Ukraine", "30"),
    ("Kyiv Oblast", "Ukraine", "32"),
    ("Київ", "Україна", "30"),
    ("Lviv Oblast", "Ukraine", "46"),
    ("Almaty", "Kazakhstan", "75"),
    ("Almaty Region", "Kazakhstan", "19"),
    ("City of Buenos Aires", "Argentina", "C"),
    ("CABA", "Argentina", "C"),
    ("Buenos Aires", "Argentina", "B"),
    ("Buenos Aires Province", "Argentina", "B"),
    ("Sofia City", "Bulgaria", "22"),
    ("Sofia Province", "Bulgaria", "23"),
    ("Vilnius County", "Lithuania", "VL"),
    ("Masovia", "Poland", "14"),
    ("mazowieckie", "Polska", "14"),
    ("Lesser Poland", "Poland", "12"),
    ("Attica", "Greece", "I"),
    ("Crete", "Greece", "M"),
    ("Bavaria", "Germany", "BY"),
    ("Freistaat Bayern", "Deutschland", None),
    ("Zurich", "Switzerland", "ZH"),
    ("Vienna", "Austria", "9"),
    ("Stockholm County", "Sweden", "AB"),
    ("Skåne", "Sverige", "M"),
    ("Uusimaa", "Finland", "18"),
    ("Capital Region", "Denmark", "84"),
    ("Istanbul", "Turkey", "34"),
    ("Jal.", "Mexico", "JAL"),
    ("Nuevo León", "México", "NLE"),
    ("Mexico City", "Mexico", "CMX"),
    ("State of São Paulo", "Brazil", "SP"),
    ("Bangkok", "Thailand", "10"),
    ("กรุงเทพมหานคร", "ประเทศไทย", "10"),
    ("Ho Chi Minh City", "Vietnam", "SG"),
    ("West Java", "Indonesia", "JB"),
    ("Penang", "Malaysia", "07"),
    ("Metro Manila", "Philippines", "00"),
    ("Dubai", "UAE", "DU"),
    ("دبي", "الإمارات العربية المتحدة", "DU"),
    ("Tel Aviv", "Israel", "TA"),
    ("Gauteng", "South Africa", "GP"),
    ("Lagos State", "Nigeria", "LA"),
    ("Karnataka", "India", "KA"),
    ("Kowloon", "Hong Kong", None),
    ("Central", "Singapore", None),
    ("Santiago", "Chile", "RM"),
    ("D.F.", "Mexico", "CMX"),
    ("NRW", "Germany", "NW"),
    ("Tenn.", "USA", "TN"),
    ("Calif.", "US", "CA"),
    ("N. Mex.", "US", "NM"),
    ("Que.", "Canada", "QC"),
    ("PEI", "Canada", "PE"),
    ("Victoria", "Malta", "45"),
]


@pytest.mark.parametrize(("state", "country", "code"), EVERYDAY)
def test_everyday_names_of_states_are_taken(portal, state, country, code):
    shown = portal.create(contact_address={"state": state, "country": country})["contact_address"]

    assert shown["state_code"] == code
    assert shown["country_code"] not in (None, "")
    if code is None:
        assert shown["state"].casefold() == state.casefold()


@pytest.mark.parametrize(
    "country", ["Singapore", "SG", "Monaco", "Hong Kong", "Macao", "Luxembourg", "Gibraltar"]
)
def test_country_without_states_needs_none(portal, country):
    shown = portal.create(contact_address={"country": country})["contact_address"]

    assert (shown["state"], shown["state_code"]) == (None, None)
    assert shown["country_code"]


@pytest.mark.parametrize("country", ["Australia", "Germany", "Atlantis", ""])
def test_other_countries_need_a_state(portal, country):
    body = required_fields(contact_address={"suburb": "Here", "country": country})

    assert messages(portal.call("POST", body=body)) == [
        "Contact address state: A state must be specified"
    ]


@pytest.mark.parametrize(
    ("state", "country"),
    [("Victoria", "New Zealand"), ("Texas", "Canada"), ("東京都", "China"), ("Bavaria", "Austria")],
)
def test_state_of_another_country_is_refused(portal, state, country):
    body = required_fields(contact_address={"state": state, "country": country})

    assert messages(portal.call("POST", body=body)) == [
        "Contact address state: There is no such state in the country"
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"state": "", "country": "GB"},
        {"state": "", "country": ""},
        {"state": "Victoria", "country": "NZ"},
        {"state": "", "country": "Atlantis"},
    ],
)
def test_stateless_address_can_be_corrected(portal, store, place):
    address = {"line1": "5 Dokc Rd", "city": "Somewhere", "postcode": "1000", **place}
    row = create_customer(store, SYSTEM, {"name": "Web shop", "addresses": [address]})
    shown = portal.get(row)["delivery_address"][0]

    corrected = portal.put(row, {"delivery_address": [{**shown, "street": ["5 Dock Rd"]}]})

    assert corrected["delivery_address"] == [{**shown, "street": ["5 Dock Rd"]}]
    assert Address.objects.get(customer=row["id"]).line1 == "5 Dock Rd"


def test_new_stateless_address_is_refused(portal, store):
    address = {"city": "X", "country": "GB"}
    row = create_customer(store, SYSTEM, {"name": "Web shop", "addresses": [address]})
    moved = {**VICTORIA, "state": None, "state_code": None}

    answer = portal.call("PUT", f"/{row['id']}", {"contact_address": moved})

    assert messages(answer) == ["Contact address state: A state must be specified"]
