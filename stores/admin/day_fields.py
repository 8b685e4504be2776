"""Days, typed in the order of the store's country: the day or the month first. ISO dates are always taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from stores.admin.numbers import locale_of

ISO = "%Y-%m-%d"
# By the part that comes first in the country.
FORMATS = {
    "d": (ISO, "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "M": (ISO, "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"),
    "y": (ISO, "%Y/%m/%d", "%Y.%m.%d"),
}
EXAMPLE = date(1986, 9, 17)


def day_formats(country: str) -> tuple[str, ...]:
    """Return the formats of days that can be read without doubt; without a country only ISO's."""
    if not country:
        return (ISO,)
    pattern = locale_of(country).date_formats["short"].pattern
    return FORMATS[next(letter for letter in pattern if letter in FORMATS)]


def has_day(field: forms.Field) -> bool:
    return isinstance(field, forms.DateField | forms.SplitDateTimeField)


def set_country(field: Any, country: str) -> None:
    """Let a field of a day, or of a day and a time, read days as the country writes them, and say how."""
    day: Any = field.fields[0] if isinstance(field, forms.SplitDateTimeField) else field
    formats = day_formats(country)
    if day.input_formats == formats:
        return
    day.input_formats = formats
    examples = " or ".join(f"{EXAMPLE:{form}}" for form in reversed(formats[:2]))
    field.help_text = f"{field.help_text} Write a day like {examples}.".strip()
    day.error_messages["invalid"] = f"Write the day like {examples}."
