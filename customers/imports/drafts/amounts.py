"""Amounts and percentages with signs and separators of any country."""

from __future__ import annotations

import re
from decimal import Decimal

from customers.imports.drafts.draft import CellError
from customers.money import LIMIT, RATE_DIGITS, round_half_up

NOISE = re.compile(r"[\s\u00a0\u202f'’$€£¥₹%]|^[A-Z]{2,3}\b|\b[A-Z]{2,3}$")
NUMBER = re.compile(r"[-−]?[0-9.,]*[0-9][0-9.,]*|\([0-9.,]+\)")


def read_amount(text: str, digits: int) -> Decimal:
    """Return `1.234,50 €`, `$1,234.50` or `(12.00)`, which is negative, with `digits` decimal places.

    Raises CellError.
    """
    plain = NOISE.sub("", text)
    if not NUMBER.fullmatch(plain) or len(plain) > 30:
        raise CellError("amount")
    amount = exact(plain.strip("-−()"), digits)
    if amount >= LIMIT:
        raise CellError("amount")
    amount = round_half_up(amount, digits)
    return -amount if plain[0] in "-−(" else amount


def exact(text: str, digits: int) -> Decimal:
    """Return the value of digits with marks, the last of which may be the decimal one."""
    mark = max(".,", key=text.rfind)
    head, sign, tail = text.rpartition(mark)
    if not sign or not is_decimal(head, mark, tail, digits):
        head, tail = head + tail, ""
    return Decimal(f"{re.sub('[.,]', '', head) or '0'}.{tail or '0'}")


def is_decimal(head: str, mark: str, tail: str, digits: int) -> bool:
    """Return whether the mark between both is the decimal one: `12,5`, `12.3456`, `0.125` and `1,234.500`.

    In a currency with three decimal places `1.234` is less than two, as exports write it.
    """
    if len(tail) in (1, 2):
        return True
    if mark in head:
        return False
    if len(tail) != 3:
        return True
    has_thousands = "." in head or "," in head
    return has_thousands or not head.strip("0") or (digits == 3 and mark == ".")


def read_percent(text: str) -> Decimal:
    amount = read_amount(text, RATE_DIGITS)
    if not 0 <= amount <= 100:
        raise CellError("percent")
    return amount


def read_adjustment(text: str) -> Decimal:
    amount = read_amount(text, RATE_DIGITS)
    if not -100 <= amount <= 1000:
        raise CellError("adjustment")
    return amount


def read_positive(text: str, digits: int) -> Decimal:
    amount = read_amount(text, digits)
    if amount < 0:
        raise CellError("negative")
    return amount
