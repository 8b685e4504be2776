"""Compare what was typed into a form with what is stored now, and with what was stored when it was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from customers.admin.posted_values import in_words, posted, write

MINE, THEIRS = "mine", "theirs"
NOT_COMPARED = frozenset({"seen_version", "once", "store", "id", "customer", "DELETE"})


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
