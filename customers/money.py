"""Read money from JSON and write it: Decimal inside, exact text outside, never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

import orjson

_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
DIGITS = 12  # before the point: the columns are numeric(14,2)
LIMIT = 10**DIGITS
_CENT = Decimal("0.01")


def parse_money(value: object) -> Decimal:
    """Return the amount of a JSON number (read exactly) or of its plain text, with two decimal places.

    A number counts by its value: 1.0E7 is ten million, as some clients write it. Raises ValueError for anything
    else: more than two places, exponents in texts, signs other than a minus, amounts too large for the columns,
    booleans, floats.
    """
    amount = _exact(value)
    if abs(amount) >= LIMIT:
        raise ValueError("amount is too large")
    return amount.quantize(_CENT) if amount else Decimal("0.00")


def _exact(value: object) -> Decimal:
    if isinstance(value, str):
        # Check the length before parsing: a client could send a million zeros.
        if len(value) <= 32 and _TEXT.fullmatch(value):
            return Decimal(value)
    elif isinstance(value, Decimal):
        if value.is_finite() and value.adjusted() < DIGITS and value == round(value, 2):
            return value
    elif isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("not an amount")


def money_text(amount: Decimal) -> str:
    """Return the amount with two places, as orders of storefront show it: "12.50"."""
    return f"{round_half_up(amount, 2):.2f}"


def money_number(amount: Decimal) -> int | orjson.Fragment:
    """Return a value that orjson writes as exactly this number; whole amounts without a decimal point."""
    whole = int(amount)
    return whole if whole == amount else orjson.Fragment(f"{amount:f}")


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Round to `places` decimal places, ties away from zero; -2 rounds to hundreds."""
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places < 0:
        rounded = rounded.quantize(Decimal(1))  # 1200, not 1.2E+3
    return rounded or abs(rounded)  # no minus zero
