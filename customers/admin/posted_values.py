"""The values of a form's controls as a browser sends them, and as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst

NOTHING = "nothing"


def posted(bound: forms.BoundField, value: Any) -> dict[str, list[str]]:
    """Return the values that a browser sends for a control that shows this value, by name."""
    widget, name = bound.field.widget, bound.html_name
    value = bound.field.prepare_value(value)
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if value else []}
    if isinstance(widget, forms.MultiWidget):
        items: Any = widget.decompress(value)
        parts = zip(widget.widgets_names, widget.widgets, items, strict=True)
        return {name + end: texts_of(part.format_value(item)) for end, part, item in parts}
    return {name: texts_of(widget.format_value(value))}


def texts_of(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return ["" if item is None else str(item) for item in values]


def write(data: QueryDict, values: Mapping[str, list[str]]) -> None:
    """Set values as a browser sends them; without any, the control sends nothing."""
    for name, texts in values.items():
        data.setlist(name, texts)
        if not texts:
            del data[name]


def in_words(bound: forms.BoundField, value: Any) -> str:
    """Return a typed or a stored value as a person reads it."""
    control = bound.field
    if isinstance(control, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(control, forms.DateField):
        return day_in_words(control, value)
    if isinstance(control, forms.ModelChoiceField):
        keys = texts_of(control.prepare_value(value))
        offered: Any = control.queryset
        rows = offered.filter(pk__in=[key for key in keys if key.isdecimal()])
        return ", ".join(str(row) for row in rows) or NOTHING
    names = {str(key): str(text) for key, text in getattr(control, "choices", ())}
    sent = [value] if isinstance(value, list) else posted(bound, value).values()
    text = " ".join(item for texts in sent for item in texts_of(texts)).strip()
    return capfirst(names[text]) if text in names else text or NOTHING


def day_in_words(control: forms.DateField, value: Any) -> str:
    try:
        day = control.to_python(value)
    except forms.ValidationError:
        return str(value)
    return date_format(day, "DATE_FORMAT") if day else NOTHING
