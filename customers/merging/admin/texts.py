"""A preview of a merge in words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from customers.merging.services.fields import CHOSEN, LOSER, SURVIVOR
from customers.merging.services.previews import MergePreview
from customers.models import Customer, Depot
from stores.admin.display import amount, number

EMPTY = "–"
LABELS = {"account_balance": "Owes", "loyalty_balance": "Points", "order_count": "Orders"}
MONEY = frozenset({"account_balance", "total_spent"})


@dataclass(frozen=True)
class Row:
    """A row of the preview: both sides, the result, and whether somebody can or must choose."""

    name: str
    label: str
    survivor: str
    loser: str
    result: str
    side: str
    is_chosen_by_hand: bool
    is_undecided: bool

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return (SURVIVOR, self.survivor), (LOSER, self.loser)


def rows_of(preview: MergePreview, choices: Mapping[str, str]) -> list[Row]:
    """Return a row for each field that differs."""
    return [
        Row(
            name=line.name,
            label=label_of(line.name),
            survivor=text_of(line.name, line.survivor),
            loser=text_of(line.name, line.loser),
            result=text_of(line.name, line.result),
            side=choices.get(line.name)
            or ("" if line.is_conflict else SURVIVOR if line.result == line.survivor else LOSER),
            is_chosen_by_hand=line.name in CHOSEN,
            is_undecided=line.name in preview.undecided,
        )
        for line in preview.fields
        if line.survivor != line.loser
    ]


def figures_of(preview: MergePreview) -> list[tuple[str, list[str]]]:
    currency = preview.survivor.store.currency
    return [
        (
            label_of(name),
            [
                amount(Decimal(value), currency) if name in MONEY else whole(value)
                for value in values
            ],
        )
        for name, values in preview.figures.items()
    ]


def whole(value: Any) -> str:
    """Return a count without places, and points with those that they have."""
    exact = Decimal(value)
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else number(exact)


def label_of(name: str) -> str:
    field: Any = Customer._meta.get_field(CHOSEN.get(name, (name,))[0])
    return LABELS.get(name) or capfirst(str(field.verbose_name))


def text_of_day(value: date) -> str:
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT")


def text_of(name: str, value: Any) -> str:
    """Return a value of a field as staff read it."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "default_depot":
        return str(Depot.objects.filter(pk=value).first() or EMPTY)
    if isinstance(value, date):
        return text_of_day(value)
    field: Any = Customer._meta.get_field(CHOSEN.get(name, (name,))[0])
    choices = dict(field.choices or ())
    return number(value) if isinstance(value, Decimal) else str(choices.get(value, value))
