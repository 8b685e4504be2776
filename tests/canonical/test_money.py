"""Exact parsing and formatting of amounts."""

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.money import money_number, money_text, parse_money, round_half_up

AMOUNTS = st.decimals(
    min_value=Decimal("-999999999999.99"),
    max_value=Decimal("999999999999.99"),
    places=2,
)


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        (12, "12.00"),
        (-5, "-5.00"),
        (Decimal("12.5"), "12.50"),
        (Decimal("19.99"), "19.99"),
        ("12.50", "12.50"),
        ("12.5", "12.50"),
        ("-0.01", "-0.01"),
        ("007", "7.00"),
        ("-0", "0.00"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("1.0E7"), "10000000.00"),
        (Decimal("100.000"), "100.00"),
        (Decimal("12.5E-1"), "1.25"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_amounts_are_parsed_to_the_cent(sent: object, amount: str) -> None:
    assert str(parse_money(sent)) == amount


@pytest.mark.parametrize(
    "sent",
    [
        12.5,
        True,
        False,
        None,
        [],
        {},
        "",
        " 1",
        "1 ",
        "+1",
        "1.",
        ".5",
        "1,50",
        "1.234",
        "1e3",
        "$1",
        "٣",
        "much",
        "NaN",
        "Infinity",
        "-",
        "--1",
        "1\n",
        "1000000000000",
        "9" * 5000,
        "0" * 5000,
        10**12,
        -(10**18),
        Decimal("1.234"),
        Decimal("1E+12"),
        Decimal("1E+300"),
        Decimal("1E-300"),
        Decimal("0E+999999"),
        Decimal("1.0000000000000000000000000001"),
        Decimal("NaN"),
        Decimal("Infinity"),
    ],
)
def test_invalid_amounts_are_refused(sent: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_money(sent)


@given(AMOUNTS)
def test_amount_survives_text_and_number_form(amount: Decimal) -> None:
    assert parse_money(money_text(amount)) == amount
    assert Decimal(orjson.dumps(money_number(amount)).decode()) == amount


@pytest.mark.parametrize(
    ("amount", "json"),
    [
        ("1450.00", b"1450"),
        ("0.00", b"0"),
        ("-0.00", b"0"),
        ("12.50", b"12.50"),
        ("0.1", b"0.1"),
        ("1E+3", b"1000"),
    ],
)
def test_json_number_is_exact_and_whole_if_possible(amount: str, json: bytes) -> None:
    assert orjson.dumps(money_number(Decimal(amount))) == json


@pytest.mark.parametrize(
    ("amount", "text"),
    [("12.5", "12.50"), ("0", "0.00"), ("-0.001", "0.00"), ("2.675", "2.68"), ("-1", "-1.00")],
)
def test_text_has_two_decimals(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        ("2.345", 2, "2.35"),
        ("2.344", 2, "2.34"),
        ("-2.345", 2, "-2.35"),
        ("1250", -2, "1300"),
        ("1249", -2, "1200"),
        ("0.5", 0, "1"),
        ("-0.2", 0, "0"),
    ],
)
def test_ties_round_up(amount: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount), places)) == rounded
