"""Currencies by ISO 4217: their codes, and how many decimal places their amounts have."""

from __future__ import annotations

from functools import cache

import pycountry

USUAL_DIGITS = 2
MAX_DIGITS = 3  # the columns of amounts have no room for more

# Babel cannot tell: its digits are those of daily use, such as none for IQD.
CODES_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS = {code: digits for digits, codes in CODES_BY_DIGITS.items() for code in codes.split()}


def digits_of(currency: str) -> int:
    """Return the decimal places of this currency's amounts; two for a code that ISO does not know."""
    return DIGITS.get(currency, USUAL_DIGITS)


@cache
def known_codes() -> frozenset[str]:
    """Return the codes whose amounts the columns can hold."""
    codes = (currency.alpha_3 for currency in pycountry.currencies)
    return frozenset(code for code in codes if digits_of(code) <= MAX_DIGITS)


def parse_currency(text: str) -> str:
    """Return the ISO 4217 code in capitals. Raises ValueError."""
    code = text.strip().upper()
    if code not in known_codes():
        raise ValueError("not a currency")
    return code
