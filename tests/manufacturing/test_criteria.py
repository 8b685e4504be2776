"""Every search operator on every searchable field."""

from __future__ import annotations

import pytest

from customers.services.customers import create_customer
from stores.actors import SYSTEM
from tests.manufacturing.conftest import VICTORIA

# Values of the four customers of `book`, in order; the last came through another dialect.
TEXTS = {
    "name": ("Alpha Kitchens", "Beta Cabinets", "Gamma Kitchens", "Delta"),
    "phone": ("11 1111 1111", "22 2222 2222", "33 3333 3333", None),
    "cc_email": ("cc@example.com", None, "kc@example.com", None),
    "contact_address.suburb": ("Boggy Creek", "Cobar", "Ararat", None),
    "contact_address.state": ("Victoria", "New South Wales", "Victoria", None),
    "contact_address.postcode": ("3268", "2835", "3377", None),
}
NUMBERS = {
    "price_adjustment": (0, -5, 12.5, 0),
    "minimum_charge_amount": (10, 20, 30, 0),
    "minimum_freight_amount": (0, 0, 7.5, 0),
}
SWITCHES = {
    "settings.is_beta": (True, False, False, False),
    "settings.is_assembly_enabled": (False, True, False, False),
    "settings.is_suspended": (False, False, True, False),
}
LETTERS = "ABGD"
TESTS = {
    "eq": lambda seen, value: seen == value,
    "gt": lambda seen, value: seen > value,
    "gteq": lambda seen, value: seen >= value,
    "lt": lambda seen, value: seen < value,
    "lteq": lambda seen, value: seen <= value,
    "from": lambda seen, value: seen >= value,
    "to": lambda seen, value: seen <= value,
}


def letters_where(values, holds) -> str:
    return "".join(letter for letter, value in zip(LETTERS, values, strict=True) if holds(value))


def comparisons():
    for field, values in {**TEXTS, **NUMBERS}.items():
        for value in {value for value in values if value is not None}:
            for op, holds in TESTS.items():
                hits = letters_where(
                    values, lambda seen, h=holds, v=value: seen is not None and h(seen, v)
                )
                yield f"filter[{field}][{op}]={value}", hits
            others = letters_where(values, lambda seen, v=value: seen != v)
            yield f"filter[{field}][neq]={value}", others
            yield f"filter[{field}][nin]={value},", others
            yield (
                f"filter[{field}][in]={value},999",
                letters_where(values, lambda s, v=value: s == v),
            )
            yield f"filter[{field}][like]={value}", letters_where(values, lambda s, v=value: s == v)
            yield f"filter[{field}][nlike]={value}", others
    for field, values in SWITCHES.items():
        for word, value in (("1", True), ("0", False), ("TRUE", True), ("false", False)):
            for op, holds in TESTS.items():
                hits = letters_where(values, lambda seen, h=holds, v=value: h(seen, v))
                yield f"filter[{field}][{op}]={word}", hits
            same = letters_where(values, lambda seen, v=value: seen == v)
            others = letters_where(values, lambda seen, v=value: seen != v)
            yield from ((f"filter[{field}][{op}]={word}", same) for op in ("in", "like"))
            yield from ((f"filter[{field}][{op}]={word}", others) for op in ("neq", "nin", "nlike"))
    for field, values in {**TEXTS, **NUMBERS, **SWITCHES}.items():
        absent = letters_where(values, lambda seen: seen is None)
        present = letters_where(values, lambda seen: seen is not None)
        yield from (
            (f"filter[{field}][null]", absent),
            (f"filter[{field}][null]=1", absent),
            (f"filter[{field}][null]=0", present),
            (f"filter[{field}][notnull]=true", present),
            (f"filter[{field}][notnull]=false", absent),
        )


def test_every_operator_on_every_column(portal, book):
    table = list(comparisons())
    assert len(table) > 300
    wrong = [
        (query, hits, seen) for query, hits in table if (seen := portal.letters(query)) != hits
    ]
    assert not wrong


IDS = [
    ("eq", "{B}", "B"),
    ("neq", "{B}", "AGD"),
    ("gt", "{B}", "GD"),
    ("gteq", "{B}", "BGD"),
    ("lt", "{B}", "A"),
    ("lteq", "{B}", "AB"),
    ("from", "{B}", "BGD"),
    ("to", "{B}", "AB"),
    ("in", "{A},{G}", "AG"),
    ("nin", "{A},{G}", "BD"),
    ("like", "{B}", "B"),
    ("nlike", "{B}", "AGD"),
    ("like", "%", "ABGD"),
    ("null", "", ""),
    ("notnull", "", "ABGD"),
    ("eq", "-1", ""),
]


@pytest.mark.parametrize(("op", "value", "hits"), IDS)
def test_every_operator_on_the_id(portal, book, op, value, hits):
    value = value.format(**{letter: one["id"] for letter, one in book.items()})
    assert portal.letters(f"filter[id][{op}]={value}") == hits


def test_every_operator_on_the_manufacturer(portal, rival, store, book):
    rival.create(name="Zulu")
    own, none = "ABGD", ""
    holds = {"eq": own, "gteq": own, "lteq": own, "from": own, "to": own, "in": own, "like": own}
    fails = {"neq": none, "gt": none, "lt": none, "nin": none, "nlike": none}
    for op, hits in {**holds, **fails, "null": none, "notnull": own}.items():
        value = "1" if "null" in op else store.pk
        assert portal.letters(f"filter[manufacturer_id][{op}]={value}") == hits, op


MAILS = [
    ("eq", "ALPHA@example.COM", "A"),
    ("eq", "gamma@example.com", "G"),
    ("eq", "nonsense", ""),
    ("neq", "alpha@example.com", "BGD"),
    ("neq", "nonsense", "ABGD"),
    ("in", "beta@example.com,GAMMA@example.com,nonsense", "BG"),
    ("nin", "beta@example.com", "AGD"),
    ("like", "%a@EXAMPLE.com", "ABG"),
    ("nlike", "a%", "BGD"),
    ("gt", "alpha@example.com", "BG"),
    ("from", "alpha@example.com", "ABG"),
    ("to", "beta@example.com", "AB"),
    ("null", "", "D"),
    ("notnull", "", "ABG"),
]


@pytest.mark.parametrize(("op", "value", "hits"), MAILS)
def test_operators_on_the_email(portal, book, op, value, hits):
    assert portal.letters(f"filter[email][{op}]={value}") == hits


ANY_CASE = [
    ("like", "änna ß%", ["ÄNNA ß Böhm", "Änna ß"]),
    ("like", "%ÖHM", ["ÄNNA ß Böhm"]),
    ("like", "Änna ß_böhm", ["ÄNNA ß Böhm"]),
    ("nlike", "%ÄNNA%", ["Гамма ЁЖ", "Delta"]),
    ("like", "%ё%", ["Гамма ЁЖ"]),
]


@pytest.mark.parametrize(("op", "pattern", "names"), ANY_CASE)
def test_patterns_ignore_case_in_any_script(portal, op, pattern, names):
    for number, name in enumerate(("ÄNNA ß Böhm", "Änna ß", "Гамма ЁЖ", "Delta")):
        portal.create(name=name, email=f"{number}@example.com")
    matches = portal.search(f"filter[name][{op}]={pattern}").json()["items"]
    assert [one["name"] for one in matches] == names


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("ΝΙΚΟΣ ΣΑΣ", ["ΝΙΚΟΣ ΣΑΣ"]),
        ("ΝΙΚΟΣ%", ["ΝΙΚΟΣ ΣΑΣ"]),
        ("Νικος Σ%", ["ΝΙΚΟΣ ΣΑΣ"]),
        ("%ΟΣ _ΑΣ", ["ΝΙΚΟΣ ΣΑΣ"]),
        ("İpek Işık", ["İpek Işık"]),
        ("İpek%", ["İpek Işık"]),
        ("_pek IŞ_K", ["İpek Işık"]),
    ],
)
def test_patterns_ignore_case_with_several_small_forms(portal, pattern, names):
    for number, name in enumerate(("ΝΙΚΟΣ ΣΑΣ", "İpek Işık")):
        portal.create(name=name, email=f"{number}@example.com")
    matches = portal.search(f"filter[name][like]={pattern}").json()["items"]
    assert [one["name"] for one in matches] == names


STREETS = [
    ("eq", "9 Low St", "B"),
    ("eq", "Unit 4", "B"),
    ("eq", "Level 2", "B"),
    ("eq", "Unit", ""),
    ("neq", "Unit 4", "AGD"),
    ("in", "Level 2,1 High St", "BG"),
    ("nin", "Level 2,1 High St", "AD"),
    ("like", "unit%", "B"),
    ("like", "%2", "B"),
    ("like", "% st", "ABG"),
    ("like", "Unit 4%Low St", ""),
    ("like", "%", "ABG"),
    ("like", "_", ""),
    ("nlike", "unit _", "AGD"),
    ("gt", "9", "B"),
    ("gteq", "9 Low St", "B"),
    ("lt", "2", "AG"),
    ("lteq", "9 Low St", "ABG"),
    ("from", "Level 2", "B"),
    ("null", "", "D"),
    ("notnull", "", "ABG"),
]


@pytest.mark.parametrize(("op", "value", "hits"), STREETS)
def test_operators_on_any_street_line(portal, book, op, value, hits):
    assert portal.letters(f"filter[contact_address.street][{op}]={value}") == hits


def test_street_lines_of_other_dialects_are_found(portal, store):
    place = {"line1": "Hall B\n5 Dock Rd", "line2": "Unit 1", "city": "Geelong", "country": "au"}
    create_customer(store, SYSTEM, {"name": "Web shop", "addresses": [place]})
    [customer] = portal.search("name=Web shop").json()["items"]
    for line in customer["contact_address"]["street"]:
        for op in ("eq", "in", "like"):
            assert portal.letters(f"filter[contact_address.street][{op}]={line}") == "W"


LABELS = [
    ("eq", "Retail", "A"),
    ("eq", "TRADE", "AB"),
    ("neq", "Retail", "BGD"),
    ("in", "Retail,Nothing", "A"),
    ("nin", "Retail", "BGD"),
    ("like", "%ra%", "AB"),
    ("nlike", "re%", "BGD"),
    ("gt", "Retail", "AB"),
    ("gteq", "Retail", "AB"),
    ("lt", "Trade", "A"),
    ("lteq", "Retail", "A"),
    ("from", "Trade", "AB"),
    ("to", "Retail", "A"),
    ("null", "", "GD"),
    ("notnull", "", "AB"),
]


@pytest.mark.parametrize(("op", "value", "hits"), LABELS)
def test_operators_on_any_label(portal, book, op, value, hits):
    assert portal.letters(f"filter[customer_labels][{op}]={value}") == hits


@pytest.mark.parametrize(
    ("pattern", "hits"),
    [
        ("ALPHA%", "A"),
        ("%kitchens", "AG"),
        ("_eta cabinets", "B"),
        ("eta", ""),
        ("delta", "D"),
        ("%%", "ABGD"),
        ("\\%", ""),
        ("%\\", ""),
        ("%'; --%", ""),
        ("_____", "D"),
    ],
)
def test_like_has_wildcards_and_ignores_case(portal, book, pattern, hits):
    assert portal.letters(f"filter[name][like]={pattern}") == hits


@pytest.mark.parametrize(
    ("field", "pattern", "hits"),
    [
        ("price_adjustment", "12.5", "G"),
        ("price_adjustment", "%.5", "G"),
        ("price_adjustment", "-%", "B"),
        ("minimum_charge_amount", "_0", "ABG"),
        ("minimum_charge_amount", "abc", ""),
        ("minimum_freight_amount", "0", "ABD"),
    ],
)
def test_like_matches_numbers_as_shown(portal, book, field, pattern, hits):
    assert portal.letters(f"filter[{field}][like]={pattern}") == hits


def test_backslash_is_a_literal_character(portal):
    portal.create(name="A\\B")
    portal.create(name="C%D")
    assert portal.letters("filter[name][like]=a\\b") == "A"
    assert portal.letters("filter[name][like]=a\\%") == "A"
    assert portal.letters("filter[name][like]=c\\%%") == ""


def test_search_uses_the_contact_address_shown(portal, store):
    place = {"line1": "5 Dock Rd", "city": "Geelong", "state": "VIC", "country": "AU"}
    create_customer(store, SYSTEM, {"name": "Web shop", "delivery_address": place})
    portal.create(name="Own", delivery_address=[{**VICTORIA, "suburb": "Geelong"}])
    assert portal.letters("filter[contact_address.suburb]=Geelong") == "W"
    assert portal.letters("contact_address.street=5 Dock Rd") == "W"
    assert portal.letters("filter[contact_address.suburb][neq]=Geelong") == "O"


def test_amounts_beyond_the_column_are_compared(portal, book):
    assert portal.letters("filter[price_adjustment][lt]=999999999") == "ABGD"
    assert portal.letters("filter[price_adjustment][gt]=-999999999") == "ABGD"
    assert portal.letters("filter[price_adjustment]=999999999999.99") == ""
    assert portal.letters("filter[minimum_charge_amount][lt]=999999999999.99") == "ABGD"
