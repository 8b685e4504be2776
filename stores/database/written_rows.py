"""Rows of a read model made of instances that were just inserted, so that they need not be read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from functools import partial
from operator import itemgetter, methodcaller
from typing import Any

from django.db.models import DateTimeField, DecimalField, Model

from stores.database.json_fields import AnyField, parse_decimal
from stores.database.read_model import Child, ReadModel, Row, nest

Conversion = Callable[[Any], Any]


class WrittenRows:
    """Make the whole row of an inserted instance, with its inserted children.

    What the lookups of a child lead to, such as the tag of a link, must be loaded. The read model may have
    neither `selected` values nor `documents`.
    """

    def __init__(self, source: ReadModel) -> None:
        self._own = Columns({name: name for name in source.fields}, source.fields)
        self._children = {name: WrittenChildren(child) for name, child in source.children.items()}

    def row(self, instance: Model, children: Mapping[str, Sequence[Model]]) -> Row:
        row = self._own.values(instance)
        for name, written in self._children.items():
            row[name] = written.rows(children.get(name, ()))
        return row


class WrittenChildren:
    """Make the rows of inserted children in the order in which they are read."""

    def __init__(self, child: Child) -> None:
        self._child, self._columns = child, Columns(child.lookups, child.fields)
        self._order = itemgetter(*child.order)

    def rows(self, instances: Sequence[Model]) -> list[Row]:
        rows = [self._columns.values(instance) for instance in instances]
        return [nest(row, self._child.groups) for row in sorted(rows, key=self._order)]


class Columns:
    """Read columns of an instance, those of rows that it refers to included, as values of a row."""

    def __init__(self, lookups: Mapping[str, str], fields: Mapping[str, AnyField]) -> None:
        self._own = [(key, lookup) for key, lookup in lookups.items() if "__" not in lookup]
        self._related = {key: path.split("__") for key, path in lookups.items() if "__" in path}
        conversions = {key: conversion(field) for key, field in fields.items()}
        self._conversions = [(key, convert) for key, convert in conversions.items() if convert]

    def values(self, instance: Model) -> Row:
        row = {key: getattr(instance, name) for key, name in self._own}
        for key, (relation, column) in self._related.items():
            row[key] = getattr(getattr(instance, relation), column, None)
        for key, convert in self._conversions:
            if row[key] is not None:
                row[key] = convert(row[key])
        return row


def conversion(field: AnyField) -> Conversion | None:
    """Return what makes a written value of the one that is read; None where they are the same."""
    if isinstance(field, DecimalField):
        return partial(parse_decimal, Decimal(1).scaleb(-field.decimal_places))
    return methodcaller("astimezone", UTC) if isinstance(field, DateTimeField) else None
