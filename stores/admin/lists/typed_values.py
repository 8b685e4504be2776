"""Read what people type into filters: amounts and days. What cannot be read is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from stores.admin.day_fields import day_formats
from stores.admin.numbers import EXAMPLE, number_format
from stores.admin.tenancy import country_of, currencies_of, zone_of
from stores.currencies import digits_of


class Unreadable(Exception):
    """A value that the filter cannot read; the text tells the person how to write it."""


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
