"""Filters that several dialects share. They refuse values that they cannot read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from customers.api.times import BadTime, parse_moment, parse_until
from customers.canonical import digits_pattern, email_key, phone_digits, spellings
from customers.models.customer_queryset import CustomerQuerySet

MAX_PHONE_DIGITS = 60  # the column has no room for more

Parse = Callable[[str, tzinfo], datetime]


class MomentField(forms.Field):
    """Text that `parse` turns into a time; `zone` is for texts without an offset."""

    def __init__(self, parse: Parse, zone: tzinfo, **options: Any) -> None:
        self.parse, self.zone = parse, zone
        super().__init__(**options)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return self.parse(value, self.zone) if value else None
        except BadTime as error:
            raise forms.ValidationError(error.args[0]) from None


class MomentFilter(django_filters.Filter):  # type: ignore[misc]  # the library has no type hints
    """A date or date-time.

    A time without an offset is in UTC, or in the `zone` of the filterset's context.
    """

    field_class = MomentField
    parse: Parse = staticmethod(parse_moment)

    @property
    def field(self) -> forms.Field:
        zone = self.parent.context.get("zone", UTC)
        self.extra |= {"parse": self.parse, "zone": zone}
        field: forms.Field = super().field
        return field


class UntilFilter(MomentFilter):
    """An inclusive end: a date means its whole day. Filters by the first moment after it."""

    parse: Parse = staticmethod(parse_until)


class FlagField(forms.Field):
    """A boolean; `literals` maps the texts of a wire to it, in lower case."""

    def __init__(self, literals: dict[str, bool], **options: Any) -> None:
        self.literals = literals
        super().__init__(**options)

    def to_python(self, value: Any) -> bool | None:
        if not value:
            return None
        if value.lower() not in self.literals:
            raise forms.ValidationError(f"One of {', '.join(self.literals)}.")
        return self.literals[value.lower()]


TRUE_FALSE = {"true": True, "false": False}
FLAGS = {"true": True, "false": False, "1": True, "0": False}


class FlagFilter(django_filters.Filter):  # type: ignore[misc]  # the library has no type hints
    field_class = FlagField

    def __init__(self, *args: Any, literals: dict[str, bool] = FLAGS, **options: Any) -> None:
        super().__init__(*args, literals=literals, **options)


def by_email(queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
    """Return the customers with this e-mail in canonical form; none for a text that is no e-mail."""
    try:
        return queryset.having_email(email_key(value))
    except ValueError:
        return queryset.none()


def by_name(queryset: CustomerQuerySet, name: str, value: str) -> QuerySet[Any]:
    """Return customers whose name contains this, ignoring case and accents.

    The name is the first line of `search_text`; of a firm without a person, the company is.
    """
    words = spellings(value)
    if not words[0]:
        return queryset.none()
    in_first_line = rf"^[^\n]*(?:{'|'.join(map(re.escape, words))})"
    # `search_indexed` drops no match; it makes the database use the search index
    matches = queryset.search_indexed(*words).filter(search_text__regex=in_first_line)
    return matches.exclude(name="", company="")


def by_phone_number(queryset: CustomerQuerySet, name: str, value: str) -> QuerySet[Any]:
    """Return customers whose number, without its dial code, has exactly these digits.

    The index of searches finds them.
    """
    digits = phone_digits(value)
    if not 0 < len(digits) <= MAX_PHONE_DIGITS:
        return queryset.none()
    return queryset.search_indexed(digits).filter(phone_number__iregex=digits_pattern(digits))


def by_presence_of_orders(queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
    """Filter on `last_order_at`, which is indexed, instead of on the orders."""
    return queryset.filter(last_order_at__isnull=not value)
