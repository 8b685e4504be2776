"""Write and read numbers as the country of a store does: 1,234.50 or 1.234,50."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

from stores.currencies import USUAL_DIGITS, digits_of

EXAMPLE = Decimal("1234.5")
LONGEST = 40  # characters of a typed number


@cache
def locale_of(country: str) -> Locale:
    """Return the locale of most people in a country, English for one that has none."""
    try:
        return Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@dataclass(frozen=True)
class NumberFormat:
    """The decimal sign, the sign between groups of digits, and the size of the groups above the thousands."""

    point: str
    group: str
    group_size: int

    def write(self, number: Decimal, digits: int) -> str:
        """Return the number with so many decimal places."""
        whole, _, fraction = f"{abs(number):.{digits}f}".partition(".")
        ends = rf"\B(?=(?:\d{{{self.group_size}}})*\d{{3}}\Z)"
        sign = "-" if number < 0 else ""
        grouped = re.sub(ends, lambda _: self.group, whole)
        return f"{sign}{grouped}{self.point if fraction else ''}{fraction}"

    def read(self, text: str, digits: int) -> Decimal:
        """Return the number that `write` would write like this, with or without groups.

        Raises ValueError for any other text, so that no number is taken for another one.
        """
        plain = self.plain(text)
        group, point = re.escape(self.group_sign), re.escape(self.point)
        grouped = rf"\d{{1,3}}(?:{group}\d{{{self.group_size}}})*{group}\d{{3}}"
        match = re.fullmatch(rf"(-?)(\d+|{grouped})(?:{point}(\d{{1,{digits or 1}}}))?", plain)
        if match is None or (match[3] and not digits):
            raise ValueError("not a number of this format")
        whole = match[2].replace(self.group_sign, "")
        return Decimal(f"{match[1]}{whole}.{match[3] or 0}")

    @property
    def group_sign(self) -> str:
        """The sign between groups in the form that `plain` gives it."""
        return self.plain(self.group) or " "

    @staticmethod
    def plain(text: str) -> str:
        """Return the text with ASCII digits, and with one kind of space, apostrophe and minus."""
        if len(text) > LONGEST:
            raise ValueError("too long")
        text = " ".join(unicodedata.normalize("NFKC", text).split())
        digits = (str(unicodedata.decimal(char, char)) for char in text)
        return "".join(digits).replace("’", "'").replace("−", "-")


@cache
def number_format(country: str) -> NumberFormat:
    """Return how the country writes numbers, with the digits of this page."""
    locale = locale_of(country)
    signs = locale.number_symbols["latn"]
    in_twos = locale.decimal_formats[None].pattern.startswith("#,##,##0")
    return NumberFormat(signs["decimal"], signs["group"], 2 if in_twos else 3)


def currency_digits(number: Decimal, currency: str) -> int:
    """Return the decimal places to show; without a currency, as many as count but at least two."""
    if currency:
        return digits_of(currency)
    return USUAL_DIGITS if number == round(number, USUAL_DIGITS) else USUAL_DIGITS + 1
