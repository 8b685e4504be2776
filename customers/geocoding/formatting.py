"""Format an address in one line, in the order of its country."""

from __future__ import annotations

import re
from functools import lru_cache

from customers.geocoding.postal import NO_RULES, PostalRules, postal_rules

UNKNOWN_COUNTRY = "%A%n%C %S %Z"
UNKNOWN_RULES = "%A%n%C %Z"  # a known country for which libaddressinput has no format
LAST_LATIN_LETTER = "\u024f"

Line = list[tuple[str, str]]

_FIELD = re.compile(r"([^%]*)%([A-Z])")


@lru_cache(maxsize=256)  # one request formats the same address several times
def format_address(
    street: str,
    city: str,
    state: str,
    postcode: str,
    country: str,
    *,
    state_code: str = "",
    country_code: str = "",
) -> str:
    """Return the address in one line, without blank parts.

    If the country is unknown, the format is `street, city state postcode, country`.
    """
    rules = postal_rules(country_code) if country_code else NO_RULES
    latin = is_latin(street + city)
    state = printed_state(state, state_code, rules, latin)
    if not city or state.casefold().startswith(city.casefold()):  # "Cairo, Cairo Governorate"
        city, state = city or state, ""
    fields = {"A": street, "C": city, "S": state, "Z": postcode}
    lines = _lines(_layout(country_code, latin), fields)
    return ", ".join(part for part in (*lines, country) if part)


def is_latin(text: str) -> bool:
    return max(filter(str.isalpha, text), default="a") <= LAST_LATIN_LETTER


def printed_state(state: str, code: str, rules: PostalRules, latin: bool) -> str:
    """Return the state as its country prints it; blank if addresses there have no state."""
    if code in rules.states:
        in_latin, local = rules.states[code]
        return in_latin if latin else local
    if code and rules.format:
        return state if rules.needs_state and not rules.states else ""
    # Prefer the code, but not a number: readers would not recognize it.
    return next((text for text in (code, state) if text and not text.isdigit()), "")


@lru_cache(maxsize=500)
def _layout(country_code: str, latin: bool) -> list[Line]:
    """Return the lines of an address, each a list of (text before the field, field)."""
    rules = postal_rules(country_code) if country_code else NO_RULES
    pattern = rules.latin_format if latin else rules.format
    if not pattern:
        pattern = UNKNOWN_RULES if country_code else UNKNOWN_COUNTRY
    if "%C" not in pattern:
        # Some formats expect the town inside the street; here it is a field of its own.
        pattern = pattern.replace("%A", "%A%n%C" if latin else "%C%n%A")
    lines = [_FIELD.findall(line) for line in pattern.split("%n")]
    return [[part for part in line if part[1] in "ACSZ"] for line in lines]


def _text(line: Line, fields: dict[str, str]) -> str:
    text = ""
    for between, name in line:
        if fields[name]:
            text += (between or " " if text else "") + fields[name]
    return text


def _lines(layout: list[Line], fields: dict[str, str]) -> list[str]:
    """Return the non-blank lines; a line of a postcode alone joins the line of the town."""
    lines: list[str] = []
    above = ""
    for line in layout:
        text = _text(line, fields)
        if text and lines and [name for _, name in line] == ["Z"] and "A" not in above:
            lines[-1] += f" {text}"
        elif text:
            lines.append(text)
            above = "".join(name for _, name in line)
    return lines
