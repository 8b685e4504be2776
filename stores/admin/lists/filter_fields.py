"""Show the filters of a list as one form, and what is in use as links that take it off again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import (
    AllValuesFieldListFilter,
    BooleanFieldListFilter,
    ChoicesFieldListFilter,
    SimpleListFilter,
)
from django.utils.text import capfirst

from stores.admin.lists.form_filters import FormFilter


@dataclass(frozen=True)
class Control:
    """A control of the form. `options` are values and labels; without any it is a text field."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    width: int = 10

    @property
    def id(self) -> str:
        return f"filter-{self.name}"


@dataclass(frozen=True)
class Group:
    """A filter: its title, its controls, and what it selects now in words, "" for nothing."""

    title: str
    controls: Sequence[Control]
    summary: str
    is_known: bool = True

    @property
    def names(self) -> list[str]:
        return [control.name for control in self.controls]


def group_of(spec: Any) -> Group:
    """Return a filter as controls of a form."""
    if isinstance(spec, FormFilter):
        controls = [
            Control(name, label, spec.value(name), (), width) for name, label, width in spec.inputs
        ]
        return Group(capfirst(str(spec.title)), controls, spec.summary())
    name, value, options = choices_of(spec)
    title = capfirst(str(spec.title))
    label = dict(options).get(value, "")
    blank = getattr(spec, "all_label", "Any")
    control = Control(name, title, value, [("", blank), *options])
    return Group(title, [control], label if value else "", not value or bool(label))


def choices_of(spec: Any) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the parameter of a filter, its value and what else it may be."""
    if isinstance(spec, SimpleListFilter):
        name, value, choices = spec.parameter_name, spec.value(), spec.lookup_choices
    elif isinstance(spec, BooleanFieldListFilter):
        name, value, choices = spec.lookup_kwarg, spec.lookup_val, [("1", "Yes"), ("0", "No")]
    elif isinstance(spec, ChoicesFieldListFilter):
        name, value, choices = spec.lookup_kwarg, spec.lookup_val, spec.field.flatchoices
    elif isinstance(spec, AllValuesFieldListFilter):
        values = [value for value in spec.lookup_choices if value not in (None, "")]
        name, value, choices = spec.lookup_kwarg, spec.lookup_val, [(v, v) for v in values]
    else:  # a RelatedFieldListFilter
        name, value, choices = spec.lookup_kwarg, spec.lookup_val, spec.lookup_choices
    value = value[-1] if isinstance(value, list) else value
    return str(name), str(value or ""), text_pairs(choices)


def text_pairs(choices: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices]
