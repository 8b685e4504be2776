"""Filters whose values people type: from one amount, day or birthday to another, or a place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from stores.admin.day_fields import day_formats
from stores.admin.numbers import EXAMPLE, number_format
from stores.admin.tenancy import country_of, currencies_of, zone_of
from stores.currencies import digits_of


class Unreadable(Exception):
    """A value that the filter cannot read; the text tells the person how to write it."""


class FormFilter(ListFilter):
    """A filter with text fields. What it cannot read is refused, and the list is empty then."""

    inputs: ClassVar[tuple[tuple[str, str, int], ...]]  # name, label, width in characters

    def __init__(self, request: Any, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> list[dict[str, Any]]:
        return []

    def expected_parameters(self) -> list[str]:
        return [name for name, _, _ in self.inputs]

    def value(self, name: str) -> str:
        return str(self.used_parameters.get(name, "")).strip()

    def values(self) -> list[str]:
        return [self.value(name) for name in self.expected_parameters()]

    def summary(self) -> str:
        """Return what is selected, such as “from 10 to 20”."""
        parts = [
            f"{label.lower()} {self.value(name)}"
            for name, label, _ in self.inputs
            if self.value(name)
        ]
        return " ".join(parts)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not any(self.values()):
            return queryset
        try:
            return self.narrow(request, queryset)
        except Unreadable as problem:
            messages.error(request, str(problem))
            return queryset.none()

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the typed values select. Raises Unreadable."""
        raise NotImplementedError


def read_amount(request: HttpRequest, text: str) -> Any:
    """Return a typed amount. Raises Unreadable, also where the list has several currencies."""
    currencies = currencies_of(request)
    if len(currencies) != 1:
        names = ", ".join(currencies)
        raise Unreadable(f"Amounts are in {names}. Choose a store to filter by them.")
    numbers, digits = number_format(country_of(request)), digits_of(currencies[0])
    try:
        return numbers.read(text, digits)
    except ValueError:
        example = numbers.write(EXAMPLE, digits)
        raise Unreadable(f"Write amounts like {example}, not “{text}”.") from None


def read_day(request: HttpRequest, text: str) -> date:
    """Return a day, typed as the store's country writes it or as ISO does. Raises Unreadable."""
    formats = day_formats(country_of(request))
    for form in formats:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    examples = " or ".join(f"{date(2026, 9, 17):{form}}" for form in reversed(formats[:2]))
    raise Unreadable(f"Write days like {examples}, not “{text}”.")


class AmountFilter(FormFilter):
    """Filter by an amount, from one to another."""

    column: ClassVar[str]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for text, lookup in zip(self.values(), ("gte", "lte"), strict=True):
            if text:
                queryset = queryset.filter(
                    **{f"{self.column}__{lookup}": read_amount(request, text)}
                )
        return queryset


class DayFilter(FormFilter):
    """Filter by a moment, from one day of the store to another, both included."""

    column: ClassVar[str]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**moments_between(request, self.column, *self.values()))


def moments_between(
    request: HttpRequest, column: str, first: str, last: str
) -> dict[str, datetime]:
    """Return the conditions for a moment between two typed days; each may be "". Raises Unreadable."""
    bounds = {}
    if first:
        bounds[f"{column}__gte"] = start_of(request, read_day(request, first))
    if last:
        bounds[f"{column}__lt"] = start_of(request, day_after(read_day(request, last)))
    return bounds


def day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def start_of(request: HttpRequest, day: date) -> datetime:
    zone = zone_of(request)
    try:
        moment = datetime.combine(day, time.min, zone)
        moment.astimezone(timezone.get_default_timezone())
    except OverflowError:
        raise Unreadable(f"The day {day} is too far away.") from None
    return moment
