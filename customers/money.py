"""Read money from JSON and write it: Decimal inside, exact text outside, never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

import orjson

from stores.currencies import MAX_DIGITS, USUAL_DIGITS

_TEXT = re.compile(r"-?[0-9]+(?:\.([0-9]{1,3}))?")
DIGITS = 12  # before the point: the columns are numeric(15,3)
LIMIT = 10**DIGITS
POINTS_DIGITS = RATE_DIGITS = (
    USUAL_DIGITS  # points and percents have two places, whatever the currency
)


def parse_money(value: object, digits: int = USUAL_DIGITS) -> Decimal:
    """Return the amount of a JSON number (read exactly) or of its plain text, with `digits` decimal places.

    A number counts by its value: 1.0E7 is ten million, as some clients write it. Raises ValueError for anything
    else: more places, exponents in texts, signs other than a minus, amounts too large for the columns,
    booleans, floats.
    """
    amount = _exact(value)
    if abs(amount) >= LIMIT:
        raise ValueError("amount is too large")
    if amount != round(amount, digits):
        raise ValueError("amount has too many decimal places")
    return (amount or Decimal(0)).quantize(Decimal(1).scaleb(-digits))  # no minus zero


def _exact(value: object) -> Decimal:
    if isinstance(value, str):
        # Check the length before parsing: a client could send a million zeros.
        if len(value) <= 32 and _TEXT.fullmatch(value):
            return Decimal(value)
    elif isinstance(value, Decimal):
        if value.is_finite() and value.adjusted() < DIGITS and value == round(value, MAX_DIGITS):
            return value
    elif isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("not an amount")


def money_text(amount: Decimal, digits: int = USUAL_DIGITS) -> str:
    """Return the amount with the decimal places of its currency, as orders of storefront show it: "12.50"."""
    return f"{round_half_up(amount, digits):.{digits}f}"


def money_number(amount: Decimal) -> int | orjson.Fragment:
    """Return a value that orjson writes as exactly this number; whole amounts without a decimal point."""
    whole = int(amount)
    if whole == amount:
        return whole
    text = f"{amount:f}"
    # Columns have three decimal places: leave out a third that is zero. A page has many amounts: no call.
    return orjson.Fragment(text[:-1] if text[-4:-3] == "." and text[-1] == "0" else text)


def plain_amount(amount: Decimal) -> str:
    """Return the amount as plain text with two decimal places, or more when they count."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}"


def round_half_up(amount: Decimal, places: int = MAX_DIGITS) -> Decimal:
    """Round to `places` decimal places, ties away from zero; -2 rounds to hundreds.

    Without `places`, round to what the columns hold: SQLite adds in binary fractions.
    """
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places < 0:
        rounded = rounded.quantize(Decimal(1))  # 1200, not 1.2E+3
    return rounded or abs(rounded)  # no minus zero
