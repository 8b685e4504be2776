"""Compare what was typed into a form with what is stored now, and with what was stored when it was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst

MINE, THEIRS = "mine", "theirs"
NOT_COMPARED = frozenset({"seen_version", "once", "store", "id", "customer", "DELETE"})
NOTHING = "nothing"


class Choice(NamedTuple):
    """A field that two people changed: the name of the choice in the form, and both values in words."""

    name: str
    label: str
    mine: str
    theirs: str
    decision: str  # MINE, THEIRS, or empty


@dataclass
class Asked:
    """What the person decides, beside the submitted data that it is merged into."""

    data: QueryDict
    choices: list[Choice] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        return all(choice.decision for choice in self.choices)


def merge_fields(
    form: forms.BaseForm,
    base: Mapping[str, Any] | None,
    asked: Asked,
    *,
    key: str = "",
    noun: str = "",
) -> None:
    """Take the stored value where only others changed a field; ask where the person changed it too.

    `form` is unbound, with the stored values as its initial ones. `key` names the row in choices, for each form
    but the customer's own; `noun` begins their labels.
    """
    for name, control in form.fields.items():
        bound = form[name]
        if name in NOT_COMPARED or bound.is_hidden:
            continue
        typed = control.widget.value_from_datadict(asked.data, {}, bound.html_name)
        theirs = posted(bound, bound.initial)
        if not control.has_changed(bound.initial, typed):
            continue
        if base is not None and name in base:
            if not control.has_changed(base[name], typed):
                write(asked.data, theirs)  # the person left it as it was
                continue
            if posted(bound, base[name]) == theirs:
                continue  # the others left it as it was
        choice = choice_of(bound, typed, asked, key, noun)
        asked.choices.append(choice)
        if choice.decision == THEIRS:
            write(asked.data, theirs)


def choice_of(bound: forms.BoundField, typed: Any, asked: Asked, key: str, noun: str) -> Choice:
    name = f"keep-{key}{bound.name}"
    decision = asked.data.get(name, "")
    return Choice(
        name,
        f"{noun}: {bound.label.lower()}" if noun else str(bound.label),
        in_words(bound, typed),
        in_words(bound, bound.initial),
        decision if decision in (MINE, THEIRS) else "",
    )


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
