"""The fields that lists are searched and sorted by, and the conditions of operators on each of them."""

from __future__ import annotations

import operator
import re
from decimal import Decimal
from typing import Any

from django.db.models import (
    Exists,
    F,
    Func,
    Q,
    Value,
)
from django.db.models.functions import Coalesce, Concat, StrIndex
from django.db.models.lookups import GreaterThan

from customers.api.problems import invalid
from customers.dialects.manufacturing.patterns import NumberText, like
from customers.dialects.manufacturing.search_expressions import OF_OUTER_CUSTOMER
from customers.dialects.manufacturing.searchable_texts import (
    Searchable,
    SearchableEmail,
    SearchableName,
    SearchablePhone,
    SearchableReference,
    SearchableText,
)
from customers.models import Customer, CustomerTag, Tag
from customers.money import RATE_DIGITS, parse_money
from stores.currencies import MAX_DIGITS
from stores.models import Store

COMPARISONS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
INTEGER = re.compile(r"-?[0-9]{1,9}\Z")


class SearchableInteger(Searchable):
    def read(self, text: str) -> Any:
        if not INTEGER.match(text):
            raise ValueError("Must be a whole number of at most 9 digits")
        return int(text)

    def like(self, pattern: str) -> Q:
        return like(NumberText(F(self.column)), pattern)


class SearchableId(SearchableInteger):
    """The id of a customer of a store (None: of any). One named by an old id is the survivor of the merge."""

    def __init__(self, store: Store | None) -> None:
        super().__init__("id")
        self.store = store

    def compare(self, lookup: str, value: int) -> Q:
        return self.any_of([value]) if lookup == "exact" else super().compare(lookup, value)

    def any_of(self, values: list[int]) -> Q:
        named = Customer.objects.for_store(self.store).filter(pk__in=values).order_by()
        return Q(pk__in=named.values_list(Coalesce("merged_into", "id")))


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
    "id": SearchableId(None),
    "manufacturer_id": SearchableInteger("store_id"),
    "name": SearchableName("shown_name"),
    "email": SearchableEmail("email"),
    "phone": SearchablePhone("phone"),
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


def fields_of(store: Store | None) -> dict[str, Searchable]:
    """Return the fields of searches in a store (None: in any): a search for ids names the store."""
    return FIELDS | {"id": SearchableId(store)}


def order_by(sort: str | None) -> tuple[str, ...]:
    """Return the order of a list: by a field, descending after a minus, then by id. Raises ApiError."""
    if sort is None:
        return ("id",)
    field = FIELDS.get(sort.removeprefix("-"))
    if field is None:
        raise invalid("sort", "choice", f"Must be one of {', '.join(FIELDS)}")
    return field.order(descending=sort.startswith("-")), "id"
