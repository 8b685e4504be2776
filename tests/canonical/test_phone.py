"""Phone numbers in the forms of every dialect, and search by any spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.canonical import (
    Phone,
    phone_digits,
    phone_from_parts,
    phone_from_text,
    phone_search_keys,
    search_digits,
)


@pytest.mark.parametrize(
    ("text", "region", "dial_code", "number", "e164"),
    [
        ("+61 412 345 678", "US", 61, "412345678", "61412345678"),
        ("+61 (0) 412 345 678", "AU", 61, "412345678", "61412345678"),
        ("＋６１　４１２ ３４５ ６７８", "US", 61, "412345678", "61412345678"),
        ("0011 61 412 345 678", "AU", 61, "412345678", "61412345678"),
        ("61412345678", "AU", 61, "412345678", "61412345678"),
        ("+39 06 1234 5678", "AU", 39, "0612345678", "390612345678"),
        ("+61 412 345 678 ext. 5", "AU", 61, "412345678", "61412345678"),
    ],
)
def test_international_number_has_dial_code_and_digits(
    text: str, region: str, dial_code: int, number: str, e164: str
) -> None:
    assert phone_from_text(text, region) == Phone(text, dial_code, number, e164)


@pytest.mark.parametrize(
    ("text", "region", "dial_code", "e164"),
    [
        ("0412 345 678", "AU", 61, "61412345678"),
        ("(03) 9876-5432", "AU", 61, "61398765432"),
        ("(03) 9876 5432 x12", "AU", 61, "61398765432"),
        ("0412345678", "DE", 49, "49412345678"),
        ("(555) 123-4567", "US", 1, "15551234567"),
    ],
)
def test_national_number_gets_the_stores_dial_code(
    text: str, region: str, dial_code: int, e164: str
) -> None:
    assert phone_from_text(text, region) == Phone(text, dial_code, text, e164)


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+1-555-123-4567", "AU", "15551234567"),
        ("+1-555-0456", "US", ""),  # a local number after a dial code
        ("52 1234 1234", "AU", "615212341234"),
        ("123456", "AU", "61123456"),
    ],
)
def test_samples_of_the_contracts_are_numbers(text: str, region: str, e164: str) -> None:
    phone = phone_from_text(text, region)
    assert (phone.text, phone.e164) == (text, e164)


@pytest.mark.parametrize(
    ("text", "region"),
    [("9" * 15, "AU"), ("+999 123456", "AU"), ("000", "AU"), ("5551234567", ""), ("0412", "XX")],
)
def test_unknown_digits_are_kept_as_sent(text: str, region: str) -> None:
    assert phone_from_text(text, region) == Phone(text, None, text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "call me",
        "no number",
        "x480123456",
        "1300 FLOWERS",
        "0412 345 678 (Jane)",
        "1\0",
        "1" * 101,
    ],
)
def test_invalid_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        phone_from_text(text, "AU")
    with pytest.raises(ValueError, match="phone number"):
        phone_from_parts(61, text)


@pytest.mark.parametrize(
    ("dial_code", "number", "text", "e164"),
    [
        (966, "565445254", "+966565445254", "966565445254"),
        (1, "1234567890", "+11234567890", "11234567890"),
        (61, "0412 345 678", "+61412345678", "61412345678"),
        (39, "06 1234 5678", "+390612345678", "390612345678"),
        (965, "12345", "+96512345", ""),
        (966, "9" * 15, "+966999999999999999", ""),
        (999, "1234567", "+9991234567", ""),
        (None, "0412 345 678", "0412 345 678", ""),
        (61, "+61 412 345 678", "+61412345678", "61412345678"),
        (61, "(+61) 0412 345 678", "+61412345678", "61412345678"),
        (61, "＋61412345678", "+61412345678", "61412345678"),
        (61, "+44 20 7946 0018", "+442079460018", "442079460018"),
    ],
)
def test_pos_number_has_international_form(
    dial_code: int | None, number: str, text: str, e164: str
) -> None:
    assert phone_from_parts(dial_code, number) == Phone(text, dial_code, number, e164)


def test_both_input_forms_share_one_e164_form() -> None:
    written = phone_from_text("0412 345 678", "AU").e164
    assert written == phone_from_parts(61, "412345678").e164
    assert written == phone_from_text("+61412345678", "").e164


@pytest.mark.parametrize(
    "query",
    [
        "0412 345 678",
        "+61412345678",
        "+61 (0) 412 345 678",
        "412345678",
        "(0412) 345-678",
        "0011 61 412 345 678",
        "0061 412 345 678",
        "011 61 412 345 678",
        "0412 345 678 ext. 5",
        "5678",
        "2345",
    ],
)
@pytest.mark.parametrize(
    "phone",
    [
        phone_from_text("0412 345 678", "AU"),
        phone_from_text("+61 412 345 678", "US"),
        phone_from_parts(61, "412345678"),
        phone_from_parts(61, "0412345678"),
    ],
    ids=["national", "international", "parts", "parts with trunk zero"],
)
def test_number_is_found_in_any_spelling(phone: Phone, query: str) -> None:
    assert search_digits(query) in phone_search_keys(phone, "AU")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("+1-555-0456", "555-0456"),
        ("+999 123456", "+999123456"),
        ("9" * 15, "9" * 15),
        ("52 1234 1234", "5212341234"),
    ],
)
def test_number_without_e164_form_is_found(text: str, query: str) -> None:
    assert search_digits(query) in phone_search_keys(phone_from_text(text, "AU"), "AU")


def test_search_keys_have_no_redundant_part() -> None:
    assert phone_search_keys(phone_from_text("+1-555-123-4567", "US"), "US") == "15551234567"
    keys = phone_search_keys(phone_from_text("0412 345 678", "AU"), "AU")
    assert keys == "61412345678 0412345678"


@pytest.mark.parametrize(
    "query", ["", "12", "zo%m", "ana 412", "jane@1234.com", "...", "1" * 60_000 + "x"]
)
def test_query_without_a_number_has_no_digits(query: str) -> None:
    assert search_digits(query) == ""


@given(st.text(), st.sampled_from(["AU", "US", "IT", "", "XX"]))
def test_any_text_is_a_number_or_refused(text: str, region: str) -> None:
    try:
        phone = phone_from_text(text, region)
    except ValueError:
        return
    assert phone.text == text.strip()
    assert phone_search_keys(phone, region)


@given(st.text("0123456789+()- x", max_size=25), st.integers(1, 9999))
def test_any_parts_are_a_number_or_refused(number: str, dial_code: int) -> None:
    try:
        phone = phone_from_parts(dial_code, number)
    except ValueError:
        return
    assert (phone.number, phone.text[0]) == (number.strip(), "+")
    assert phone.e164 in ("", phone.text[1:])


@given(st.text("0123456789+()- .x", max_size=25), st.sampled_from([None, 1, 39, 44, 61, 9999]))
def test_search_keys_contain_the_digits_as_sent(number: str, dial_code: int | None) -> None:
    try:
        phone = phone_from_parts(dial_code, number)
    except ValueError:
        return
    assert phone_digits(phone.number) in phone_search_keys(phone, "AU")
