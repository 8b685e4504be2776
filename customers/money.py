"""Money in and out of JSON: Decimal inside, exact text outside, never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

import orjson

_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
DIGITS = 12  # before the point: the columns are numeric(14,2)
LIMIT = 10**DIGITS
_CENT = Decimal("0.01")


def parse_money(value: object) -> Decimal:
    """An amount with two decimal places from a JSON number (read exactly) or its plain text.

    A number counts by its value: 1.0E7, as some clients write ten million, is one. Raises ValueError for
    anything else: more than two places, exponents in texts, signs other than a minus, amounts that the
    columns do not hold, booleans, floats.
    """
    amount = _exact(value)
    if abs(amount) >= LIMIT:
        raise ValueError("amount is too large")
    return amount.quantize(_CENT) if amount else Decimal("0.00")


def _exact(value: object) -> Decimal:
    if isinstance(value, str):
        # The length keeps a hostile run of zeros from becoming a number at all.
        if len(value) <= 32 and _TEXT.fullmatch(value):
            return Decimal(value)
    elif isinstance(value, Decimal):
        if value.is_finite() and value.adjusted() < DIGITS and value == round(value, 2):
            return value
    elif isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("not an amount")


def money_text(amount: Decimal) -> str:
    """The amount with two places, as storefront orders show it: "12.50"."""
    return f"{round_half_up(amount, 2):.2f}"


def money_number(amount: Decimal) -> int | orjson.Fragment:
    """What orjson writes as exactly this JSON number; whole amounts without a decimal point."""
    whole = int(amount)
    return whole if whole == amount else orjson.Fragment(f"{amount:f}")


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Rounded to `places` decimal places, ties away from zero; -2 rounds to hundreds."""
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places < 0:
        rounded = rounded.quantize(Decimal(1))  # 1200, not 1.2E+3
    return rounded or abs(rounded)  # no minus zero
