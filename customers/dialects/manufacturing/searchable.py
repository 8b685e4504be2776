"""The fields that lists are searched and sorted by, and the conditions of operators on each of them."""

from __future__ import annotations

import operator
import re
from contextlib import suppress
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Exists,
    F,
    Func,
    Q,
    Value,
)
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from customers.api.problems import invalid
from customers.canonical import email_key, name_sort_key
from customers.dialects.manufacturing.patterns import NumberText, like
from customers.dialects.manufacturing.search_expressions import OF_OUTER_CUSTOMER
from customers.models import CustomerTag, Tag
from customers.models.substring_search import has_external_id, search_indexed
from customers.money import RATE_DIGITS, parse_money
from stores.currencies import MAX_DIGITS

MAX_VALUES = 200
MATCHES_NOTHING = Q(pk__in=[])
LOOKUPS = {"eq": "exact", "gt": "gt", "gteq": "gte", "lt": "lt", "lteq": "lte"}
COMPARISONS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
# runs of letters that folding changes in case only; the index needs three or more
PLAIN_LETTERS = re.compile(r"[A-Za-z0-9]{3,}")
INTEGER = re.compile(r"-?[0-9]{1,9}\Z")


class Searchable:
    """A field to search by a column. `test` makes a condition, or raises ValueError for an unusable value."""

    def __init__(self, column: str) -> None:
        self.column = column

    def test(self, op: str, text: str) -> Q:
        if op == "like":
            return self.like(text)
        if op == "in":
            return self.any_of([self.read(part) for part in split_list(text)])
        return self.compare(LOOKUPS[op], self.read(text))

    def read(self, text: str) -> Any:
        return text

    def compare(self, lookup: str, value: Any) -> Q:
        return Q(**{f"{self.column}__{lookup}": value})

    def any_of(self, values: list[Any]) -> Q:
        return Q(**{f"{self.column}__in": values})

    def like(self, pattern: str) -> Q:
        raise NotImplementedError

    def absent(self) -> Q:
        return MATCHES_NOTHING

    def order(self, *, descending: bool) -> str:
        return f"-{self.column}" if descending else self.column


class SearchableText(Searchable):
    """Text, compared exactly except by `like`. Blank text is shown as null, so it counts as absent."""

    def compare(self, lookup: str, value: str) -> Q:
        return super().compare(lookup, value) & ~self.absent()

    def like(self, pattern: str) -> Q:
        return like(F(self.column), pattern) & ~self.absent()

    def absent(self) -> Q:
        return Q(**{self.column: ""})


class SearchableName(SearchableText):
    """The name. Ranges follow its sort key; the search index narrows a pattern by its plain letters."""

    def compare(self, lookup: str, value: str) -> Q:
        if lookup == "exact":
            return self.any_of([value])
        return Q(**{f"name_key__{lookup}": name_sort_key(value)}) & ~self.absent()

    def any_of(self, values: list[str]) -> Q:
        keys = [name_sort_key(value) for value in values]  # these have an index
        return super().any_of(values) & Q(name_key__in=keys) & ~self.absent()

    def order(self, *, descending: bool) -> str:
        return "-name_key" if descending else "name_key"

    def like(self, pattern: str) -> Q:
        condition = super().like(pattern)
        for letters in PLAIN_LETTERS.findall(pattern):
            condition &= search_indexed(letters.lower())
        return condition


class SearchableReference(SearchableText):
    """The id in another system. Its index narrows a search for exactly one or several of them."""

    def compare(self, lookup: str, value: str) -> Q:
        return has_external_id(value) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        return reduce(or_, map(has_external_id, values))


class SearchableEmail(SearchableText):
    """An e-mail address, compared in canonical form. A value that is no e-mail address finds nothing."""

    def compare(self, lookup: str, value: str) -> Q:
        return self.any_of([value]) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        keys = []
        for value in values:
            with suppress(ValueError):
                keys.append(email_key(value))
        return Q(email_key__in=keys)


class SearchableInteger(Searchable):
    def read(self, text: str) -> Any:
        if not INTEGER.match(text):
            raise ValueError("Must be a whole number of at most 9 digits")
        return int(text)

    def like(self, pattern: str) -> Q:
        return like(NumberText(F(self.column)), pattern)


class SearchableAmount(SearchableInteger):
    digits = MAX_DIGITS
    highest = Decimal("99999.99")  # beyond every percentage, and within the range of each column

    def read(self, text: str) -> Decimal:
        try:
            return parse_money(text, self.digits)
        except ValueError:
            raise ValueError(f"Must be a number with at most {self.digits} decimals") from None


class SearchablePercent(SearchableAmount):
    digits = RATE_DIGITS

    def read(self, text: str) -> Decimal:
        """Clamp to the column's range, so that a larger bound compares like the largest one."""
        return max(-self.highest, min(super().read(text), self.highest))


class SearchableFlag(Searchable):
    """True or false, where false is less than true. `is_inverted`: the column holds the opposite."""

    def __init__(self, column: str, *, is_inverted: bool = False) -> None:
        super().__init__(column)
        self.is_inverted = is_inverted

    def read(self, text: str) -> bool:
        if text.lower() not in BOOLEANS:
            raise ValueError(f"Must be one of {', '.join(BOOLEANS)}")
        return BOOLEANS[text.lower()]

    def compare(self, lookup: str, value: bool) -> Q:
        compare = COMPARISONS[lookup]
        return self.any_of([flag for flag in (False, True) if compare(flag, value)])

    def any_of(self, values: list[bool]) -> Q:
        return super().any_of([value != self.is_inverted for value in values])

    def like(self, pattern: str) -> Q:
        return self.any_of([self.read(pattern)])

    def order(self, *, descending: bool) -> str:
        return super().order(descending=descending != self.is_inverted)


class SearchableStreet(Searchable):
    """The lines of the contact address: the street, and the lines before it. Contract: any line may match."""

    street, others = SearchableText("contact_line1"), SearchableText("contact_line2")

    def compare(self, lookup: str, value: str) -> Q:
        if lookup == "exact":
            return self.any_of([value])
        return self.street.compare(lookup, value) | self.others.compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        condition = Q()
        for text in (self.street, self.others):
            for value in values:
                condition |= Q(GreaterThan(StrIndex(lines_of(text), Value(f"\n{value}\n")), 0))
        return condition

    def like(self, pattern: str) -> Q:
        condition = Q()
        for text in (self.street, self.others):
            condition |= like(lines_of(text), f"%\n{pattern}\n%") & ~text.absent()
        return condition

    def absent(self) -> Q:
        return self.street.absent() & self.others.absent()


def lines_of(text: SearchableText) -> Func:
    """Return a text with a line break before and after each line.

    Other dialects may write several lines into the street, too.
    """
    return Concat(Value("\n"), F(text.column), Value("\n"))


class SearchableLabels(Searchable):
    """The names of a customer's tags, any of which may match. Two spellings of a word are one tag."""

    names = SearchableText("tag__name")

    def test(self, op: str, text: str) -> Q:
        return Q(Exists(self.tags().filter(super().test(op, text))))

    def compare(self, lookup: str, value: str) -> Q:
        return self.any_of([value]) if lookup == "exact" else self.names.compare(lookup, value)

    def any_of(self, values: list[str]) -> Q:
        return Q(tag__key__in=[Tag.key_of(value) for value in values])

    def like(self, pattern: str) -> Q:
        return self.names.like(pattern)

    def absent(self) -> Q:
        return ~Q(Exists(self.tags()))

    @staticmethod
    def tags() -> Any:
        return CustomerTag.objects.filter(**OF_OUTER_CUSTOMER)


FIELDS: dict[str, Searchable] = {
    "id": SearchableInteger("id"),
    "manufacturer_id": SearchableInteger("store_id"),
    "name": SearchableName("name"),
    "email": SearchableEmail("email"),
    "phone": SearchableText("phone"),
    "cc_email": SearchableText("cc_email"),
    "external_id": SearchableReference("external_id"),
    "price_adjustment": SearchablePercent("price_adjustment"),
    "minimum_charge_amount": SearchableAmount("minimum_charge_amount"),
    "minimum_freight_amount": SearchableAmount("minimum_freight_amount"),
    "contact_address.street": SearchableStreet("contact_line1"),
    "contact_address.suburb": SearchableText("contact_suburb"),
    "contact_address.state": SearchableText("contact_state"),
    "contact_address.postcode": SearchableText("contact_postcode"),
    "settings.is_beta": SearchableFlag("is_beta"),
    "settings.is_assembly_enabled": SearchableFlag("is_assembly_enabled"),
    "settings.is_suspended": SearchableFlag("is_active", is_inverted=True),
    "customer_labels": SearchableLabels("first_label"),
}


def split_list(text: str) -> list[str]:
    """Split values at their commas. Raises ValueError for no value, and for too many."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not 1 <= len(parts) <= MAX_VALUES:
        raise ValueError(f"Must be 1 to {MAX_VALUES} values with commas between them")
    return parts


def order_by(sort: str | None) -> tuple[str, ...]:
    """Return the order of a list: by a field, descending after a minus, then by id. Raises ApiError."""
    if sort is None:
        return ("id",)
    field = FIELDS.get(sort.removeprefix("-"))
    if field is None:
        raise invalid("sort", "choice", f"Must be one of {', '.join(FIELDS)}")
    return field.order(descending=sort.startswith("-")), "id"
