"""Numbers that a spreadsheet broke: exponents, lost zeros. Repaired only where there is no doubt."""

from __future__ import annotations

import re

import phonenumbers

from customers.imports.drafts.draft import CellError

EXPONENT = re.compile(r"([1-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
DECIMALS = re.compile(r"([0-9]+)\.0+")
# Countries whose postcodes have a fixed number of digits and may begin with zero.
POSTCODE_DIGITS = {
    "AU": 4,
    "DE": 5,
    "EE": 5,
    "ES": 5,
    "FI": 5,
    "FR": 5,
    "HR": 5,
    "IT": 5,
    "MX": 5,
    "NO": 4,
    "NZ": 4,
    "PT": 7,
    "TR": 5,
    "US": 5,
}


def whole_number(text: str, hint: str = "") -> str:
    """Return `4.1234567E+7` and `41.0` as digits. Raises CellError where digits are lost."""
    if decimals := DECIMALS.fullmatch(text):
        return decimals[1]
    number = EXPONENT.fullmatch(text)
    if number is None:
        return text
    digits, exponent = number[1] + (number[2] or ""), int(number[3])
    # Six digits are what spreadsheets show of a long number; the others are lost even if they were zeros.
    if len(digits) != exponent + 1:
        raise CellError("number_cut", hint=hint)
    return digits


def phone_with_zero(digits: str, region: str) -> str:
    """Return a number that lost its zero or plus as it is dialled, or the digits if that is not certain."""
    if not digits.isdecimal() or digits.startswith("0") or not region:
        return digits
    prefix = phonenumbers.ndd_prefix_for_region(region, True)
    if prefix == "0" and is_valid(f"0{digits}", region) and not is_valid(f"+{digits}", None):
        return f"0{digits}"
    code = str(phonenumbers.country_code_for_region(region))
    if digits.startswith(code) and is_valid(f"+{digits}", None):
        return f"+{digits}"
    return digits


def is_valid(text: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def postcode_with_zero(text: str, country_code: str) -> str:
    """Return a postcode that lost one zero with it, where all postcodes of the country have as many digits."""
    length = POSTCODE_DIGITS.get(country_code, 0)
    return f"0{text}" if text.isdecimal() and len(text) == length - 1 else text
