"""What people type and paste: phones, e-mails and names are found by the very text they were saved with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.canonical import (
    clean_name,
    email_key,
    email_spellings,
    fold,
    is_visible,
    parse_email,
    phone_from_parts,
    phone_from_text,
    phone_search_keys,
    search_digits,
    searchable,
    spellings,
)

REGIONS = ("AU", "GB", "DE", "US", "IT", "BR", "RU", "")
TYPED_PHONES = [
    "+61 0412 345 678",
    "+61 (03) 9876 5432",
    "+61 (0)412 345 678",
    "+44 020 7946 0018",
    "+44 (0)20 7946 0018",
    "+49-(0)30-1234567",
    "+49 030 1234567",
    "+49/(0)30/1234567",
    "0049 (0)30 1234567",
    "0049 030 1234567",
    "0011 61 0412 345 678",
    "011 44 020 7946 0018",
    "+1 (1) 212 555 0123",
    "+1 1-800-555-0199",
    "1 (212) 555-0123",
    "+33 01 23 45 67 89",
    "+33 (0) 1 23 45 67 89",
    "+31 (0)20 794 6001",
    "+39 06 1234 5678",
    "+39 (0)6 1234 5678",
    "0039 (0)2 1234567",
    "+7 8 495 123-45-67",
    "+7 (8495) 123 45 67",
    "+55 0 11 91234-5678",
    "+36 06 1 234 5678",
    "+971 (0)50 123 4567",
    "+27 (0)82 123 4567",
    "(0412) 345-678",
    "0412.345.678 ext. 5",
    "+61 412 345 678 x12",
    "+999 0123 456",
    "٠٤١٢ ٣٤٥ ٦٧٨",
    "＋６１　０４１２ ３４５ ６７８",
    "+378 886377",
    "13 11 14",
]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("text", TYPED_PHONES)
def test_a_phone_is_found_by_the_text_it_was_saved_with(text: str, region: str) -> None:
    digits = search_digits(text)
    assert digits
    assert digits in phone_search_keys(phone_from_text(text, region), region)
    for dial_code in (None, 1, 39, 49, 61):
        assert digits in phone_search_keys(phone_from_parts(dial_code, text), region)


@given(st.text("0123456789+()- ./x#", min_size=3, max_size=25), st.sampled_from(REGIONS))
def test_any_phone_is_found_by_its_own_text(text: str, region: str) -> None:
    try:
        phone = phone_from_text(text, region)
    except ValueError:
        return
    assert search_digits(text) in phone_search_keys(phone, region)


@pytest.mark.parametrize(
    ("saved", "query"),
    [
        ("0412 345 678", "+61 0412 345 678"),
        ("(03) 9876 5432", "+61 (03) 9876 5432"),
        ("+44 20 7946 0018", "+44 020 7946 0018"),
        ("+49 30 1234567", "0049 (0)30 1234567"),
        ("+1 212 555 0123", "+1 (1) 212 555 0123"),
        ("+61 0412 345 678", "0412345678"),
        ("+49-(0)30-1234567", "+4930123"),
        ("+49-(0)30-1234567", "030 1234567"),
    ],
)
def test_a_phone_is_found_by_another_way_of_writing_it(saved: str, query: str) -> None:
    assert search_digits(query) in phone_search_keys(phone_from_text(saved, "AU"), "AU")


SPACES = "\t\n\u00a0\u1680\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
UNSEEN_IN_NUMBERS = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufeff"
)


@pytest.mark.parametrize("space", SPACES)
def test_a_space_pasted_with_a_number_becomes_a_plain_one(space: str) -> None:
    phone = phone_from_text(f"{space}+61{space}412{space}345 678{space}", "AU")
    assert phone == phone_from_text("+61 412 345 678", "AU")
    pasted = phone_from_parts(61, f"{space}+61{space}412 345 678")
    assert pasted == phone_from_parts(61, "+61 412 345 678")


@pytest.mark.parametrize("char", UNSEEN_IN_NUMBERS)
def test_what_nobody_sees_is_removed_from_a_number(char: str) -> None:
    text = f"{char}+61 4{char}12 345 678{char}"
    assert phone_from_text(text, "AU") == phone_from_text("+61 412 345 678", "AU")
    assert phone_from_parts(61, text) == phone_from_parts(61, "+61 412 345 678")
    assert search_digits(text) == "61412345678"


@pytest.mark.parametrize(
    "text",
    [
        "-412345678",
        "- 412 345 678",
        "−412345678",
        "–412345678",
        "(-412) 345 678",
        "－412345678",
        "+-412345678",
    ],
)
def test_a_negative_number_is_no_phone(text: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        phone_from_text(text, "AU")
    with pytest.raises(ValueError, match="phone number"):
        phone_from_parts(61, text)


INTERNATIONAL_ADDRESSES = [
    ("jane@bücher.example", "jane@xn--bcher-kva.example"),
    ("Jane@BÜCHER.example", "jane@XN--BCHER-KVA.example"),
    ("a@straße.example", "a@xn--strae-oqa.example"),
    ("иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai"),
    ("用户@例え。テスト", "用户@xn--r8jz45g.xn--zckzah"),
    ("ali@مثال.إختبار", "ali@xn--mgbh0fb.xn--kgbechtv"),
    ("josé@café.example", "josé@xn--caf-dma.example"),
]


@pytest.mark.parametrize(("letters", "punycode"), INTERNATIONAL_ADDRESSES)
def test_an_international_domain_is_found_in_both_forms(letters: str, punycode: str) -> None:
    for saved in (letters, punycode):
        found_in = "\t".join(email_spellings(saved, email_key(saved)))
        assert email_key(letters) in found_in
        assert fold(punycode) in found_in
        assert fold(letters.replace("。", ".")) in found_in


def test_an_ordinary_address_has_one_spelling() -> None:
    assert email_spellings("Jane@Example.org", "jane@example.org") == ["jane@example.org"]


@pytest.mark.parametrize(
    "char", "\u00ad\u034f\u200b\u200e\u202a\u202e\u2060\u2800\u3164\ufe0f\ufeff"
)
def test_what_nobody_sees_is_removed_around_an_address_and_in_its_domain(char: str) -> None:
    pasted = f"{char} jane@exa{char}mple.org{char}"
    assert parse_email(pasted) == parse_email("jane@example.org")
    with pytest.raises(ValueError, match="e-mail address"):
        parse_email(f"ja{char}ne@example.org")


@pytest.mark.parametrize("joiner", "\u200c\u200d")
def test_a_joiner_stays_only_where_it_tells_domains_apart(joiner: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        parse_email(f"jane@exa{joiner}mple.org")


def test_a_persian_domain_keeps_its_joiner() -> None:
    assert email_key("ali@نامه\u200cای.example") != email_key("ali@نامهای.example")


SAME_NAMES = [
    *[("O'Brien", f"O{char}Brien") for char in "’‘ʻʼʽʹʾʿ´`′‵‛＇ˈ՚׳ꞌ"],
    *[("Smith-Jones", f"Smith{char}Jones") for char in "‐‑‒–—―−﹣－"],
    ("علي", "علی"),
    ("كريم", "کریم"),
    ("فاطمة", "فاطمه"),
    ("محمد", "محـــمد"),
    ("موسى", "موسی"),
    ("أحمد", "احمد"),
    ("مُحَمَّد", "محمد"),
    ("ﻋﻠﻲ", "علي"),
    ("ہما", "هما"),
    ("Straße", "STRASSE"),
    ("Sørensen", "sorensen"),
    ("Łukasz", "lukasz"),
    ("Nguyễn", "nguyen"),
    ("Jane\u200bSmith", "JaneSmith"),
]


@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_two_ways_of_typing_a_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("saved", "query"),
    [
        ("Jörg Müller", "Mueller"),
        ("Jörg Müller", "Joerg"),
        ("Jörg Müller", "Muller"),
        ("Jörg Müller", "müller"),
        ("Joerg Mueller", "Müller"),
        ("MU\u0308LLER", "mueller"),
        ("Søren Ågård", "Soeren Aagaard"),
        ("Søren Ågård", "soren agard"),
        ("Ärzte am Öhringer Tor", "aerzte am oehringer"),
        ("Weiß GmbH", "weiss"),
    ],
)
def test_umlauts_are_found_spelled_out_and_bare(saved: str, query: str) -> None:
    assert any(word in searchable(saved) for word in spellings(query))


@pytest.mark.parametrize(
    ("saved", "query"),
    [("Manuel", "el"), ("Joel", "jo"), ("Michael", "chael"), ("Bauer", "bau"), ("Samuel", "mue")],
)
def test_letters_that_look_spelled_out_stay_letters(saved: str, query: str) -> None:
    assert any(word in searchable(saved) for word in spellings(query))


UNSEEN = [
    "",
    " ",
    "\t",
    "\u00a0",
    "\u00ad",
    "\u034f",
    "\u061c",
    "\u115f",
    "\u1160",
    "\u17b4",
    "\u180e",
    "\u2003",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u202e",
    "\u2028",
    "\u2060",
    "\u2064",
    "\u2066\u2069",
    "\u2800",
    "\u3000",
    "\u3164",
    "\ufe0f",
    "\ufeff",
    "\uffa0",
    "\U000e0020",
    "\x01\x7f",
    "\u200b \u3164\u2800\u202e",
]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_can_see_is_blank(name: str) -> None:
    assert not is_visible(name)
    assert clean_name(name) == ""
    assert fold(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "李",
        "علی",
        "❤️",
        "👩\u200d🍳",
        "نامه\u200cای",
        "क\u094d\u200dष",
        ".",
        "ـ",
        "\U0001f3f4",
    ],
)
def test_a_name_that_can_be_seen_stays_as_it_is(name: str) -> None:
    assert is_visible(name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "control", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
def test_a_bidirectional_control_is_stripped_from_a_name(control: str) -> None:
    assert clean_name(f"{control} Ann{control}a {control}") == "Anna"
