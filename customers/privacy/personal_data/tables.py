"""How a table with personal data is described."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import Model, QuerySet

from customers.models import Customer

Rows = Callable[[Customer], "QuerySet[Any]"]

# Columns of these types can hold a name, an e-mail or a birthday, so each needs a place in the registry.
CLASSIFIED_TYPES = frozenset(
    {
        "BinaryField",
        "CharField",
        "DateField",
        "EmailField",
        "FileField",
        "GenericIPAddressField",
        "JSONField",
        "SlugField",
        "TextField",
        "URLField",
    }
)

# Reasons why a column stays.
CODE = "One of a few codes, which names nobody."
COMPUTED = "The service computes it anew from the erased values."
MONEY = "Part of the books of the shop, which tax law makes it keep."
STAFF = "Names staff or an API key, not a customer."


def must_be_classified(model: type[Model]) -> list[str]:
    """Return the columns of a model that the registry must say something about."""
    return [
        column.attname
        for column in model._meta.concrete_fields
        if column.get_internal_type() in CLASSIFIED_TYPES
    ]


@dataclass(frozen=True, eq=False)
class PersonalTable:
    """A table with rows about a customer.

    `erased` gives each column's value after an erasure, or a function of the customer and the former value.
    `kept` gives the reason why a column stays. With `deletes_rows` the rows are deleted instead. `exported`
    adds lookups to the columns that an export shows. `belongs_to_others` marks rows about other people.
    """

    model: Any
    title: str
    rows: Rows
    erased: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    deletes_rows: bool = False
    exported: Mapping[str, str] = field(default_factory=dict)
    belongs_to_others: bool = False

    @property
    def label(self) -> str:
        label: str = self.model._meta.label
        return label

    def classified(self) -> set[str]:
        every = set(must_be_classified(self.model)) if self.deletes_rows else set()
        return every | {*self.erased, *self.kept}

    def erased_values(self, customer: Customer, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that the erased columns of a row get; `row` has the former ones."""
        return {
            name: value(customer, row[name]) if callable(value) else value
            for name, value in self.erased.items()
        }


@dataclass(frozen=True)
class CopyTable:
    """A table whose rows may repeat personal data, but say of no customer that they are about it.

    Of these an export shows the rows of imports that found the customer. All else is in the other tables.
    """

    model: Any
    title: str
    columns: Mapping[str, str]

    @property
    def label(self) -> str:
        label: str = self.model._meta.label
        return label


@dataclass(frozen=True)
class Person:
    """A customer that is being erased, with the texts that are personal data of it."""

    customer: Customer
    texts: frozenset[str]


# Erases copies of several customers of one store, reading each table once for all of them. Returns for each
# customer how many rows it changed or deleted, by the label of their table.
EraseCopies = Callable[[Sequence[Person]], list[dict[str, int]]]


def json_fragments(texts: Iterable[str]) -> list[bytes]:
    """Return the texts as they stand inside JSON, which escapes quotes and backslashes."""
    return [orjson.dumps(text)[1:-1] for text in texts]


@dataclass(frozen=True)
class RowsBy:
    """The rows of a table with a column that names their customer; `key` is the column's value for one."""

    model: Any
    column: str
    key: Callable[[Customer], Any]

    def __call__(self, customer: Customer) -> QuerySet[Any]:
        condition = {self.column: self.key(customer)}
        rows: QuerySet[Any] = self.model.objects.filter(store=customer.store_id, **condition)
        return rows

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        """Return the rows of several customers of one store."""
        condition = {f"{self.column}__in": [self.key(customer) for customer in customers]}
        rows: QuerySet[Any] = self.model.objects.filter(store=customers[0].store_id, **condition)
        return rows


def rows_of(model: Any) -> RowsBy:
    """Return the rows of a table that has a key to its customer."""
    return RowsBy(model, "customer_id", lambda customer: customer.pk)
