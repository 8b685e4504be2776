"""Amounts and percentages with signs and separators of any country."""

from __future__ import annotations

import re
from decimal import Decimal

from customers.imports.drafts.draft import CellError
from customers.money import LIMIT, round_half_up

NOISE = re.compile(r"[\s\u00a0\u202f'’$€£¥₹%]|^[A-Z]{2,3}\b|\b[A-Z]{2,3}$")
NUMBER = re.compile(r"[-−]?[0-9.,]*[0-9][0-9.,]*|\([0-9.,]+\)")
DECIMAL_MARK = re.compile(r"[.,](?=[0-9]{1,2}\Z)")


def read_amount(text: str) -> Decimal:
    """Return `1.234,50 €`, `$1,234.50` or `(12.00)`, which is negative, with two places. Raises CellError."""
    plain = NOISE.sub("", text)
    if not NUMBER.fullmatch(plain) or len(plain) > 30:
        raise CellError("amount")
    is_negative = plain[0] in "-−("
    digits = plain.strip("-−()")
    mark = DECIMAL_MARK.search(digits)
    whole, places = (digits[: mark.start()], digits[mark.end() :]) if mark else (digits, "")
    if not re.sub("[.,]", "", whole).isdecimal():
        whole = f"0{whole}"
    amount = exact(whole, places)
    if amount >= LIMIT:
        raise CellError("amount")
    return -amount if is_negative else amount


def exact(whole: str, places: str) -> Decimal:
    """Return the amount. A single mark before other than three digits is a decimal one: `12.3456`."""
    for mark in ".,":
        head, sign, tail = whole.partition(mark)
        if not places and sign and tail.isdecimal() and len(tail) != 3:
            return round_half_up(Decimal(f"{head}.{tail}"), 2)
    return Decimal(f"{re.sub('[.,]', '', whole)}.{places or '0'}").quantize(Decimal("0.01"))


def read_percent(text: str) -> Decimal:
    amount = read_amount(text)
    if not 0 <= amount <= 100:
        raise CellError("percent")
    return amount


def read_adjustment(text: str) -> Decimal:
    amount = read_amount(text)
    if not -100 <= amount <= 1000:
        raise CellError("adjustment")
    return amount


def read_positive(text: str) -> Decimal:
    amount = read_amount(text)
    if amount < 0:
        raise CellError("negative")
    return amount
