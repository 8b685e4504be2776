"""Values of fields as JSON: as the engines write them, as events keep them, and read back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeAlias

from django.db.models import DecimalField, Expression, F, Field, Func, Model, TextField
from django.db.models.functions import Cast

AnyField: TypeAlias = "Field[Any, Any]"
Parser = Callable[[Any], Any]


class JsonRows(Func):
    """These values of all rows of a subquery, as a JSON array of arrays: half the work of objects.

    The rows come in any order, so the reader sorts them.
    """

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "json_agg(json_build_array(%(expressions)s))::text"
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "json_group_array(json_array(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def parse_moment(text: str) -> datetime:
    """Read a time in ISO 8601; SQLite writes UTC without an offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_decimal(quantum: Decimal, text: Any) -> Decimal:
    return Decimal(text).quantize(quantum)


PARSERS: dict[str, Parser] = {
    "BooleanField": bool,  # SQLite's JSON has numbers for it
    "DateField": date.fromisoformat,
    "DateTimeField": parse_moment,
    "UUIDField": uuid.UUID,
}


@cache
def json_parser(field: AnyField) -> Parser | None:
    """Return what turns a JSON value into one of this field; None when JSON has the same value."""
    if isinstance(field, DecimalField):
        return partial(parse_decimal, Decimal(1).scaleb(-field.decimal_places))
    return PARSERS.get(field.get_internal_type())


def parse_json(field: AnyField, value: Any) -> Any:
    parser = json_parser(field)
    return value if parser is None or value is None else parser(value)


def json_expression(field: AnyField, lookup: str) -> Expression | F:
    """Return what selects the field for JSON. Decimals become text, because JSON has none."""
    return Cast(lookup, TextField()) if isinstance(field, DecimalField) else F(lookup)


def default_value(field: AnyField) -> Any:
    """Return what a row has in a column that did not exist when the row was written as JSON."""
    default = field.get_default()
    if default is None:
        return None
    value = field.to_python(default)
    # A time, day or UUID is one already, and cannot be parsed. An amount may still lack decimal places.
    return parse_json(field, value) if isinstance(field, DecimalField) else value


def field_at(model: type[Model], lookup: str) -> AnyField:
    """Return the field that a lookup such as `delivery_zone__uid` leads to."""
    first, _, rest = lookup.partition("__")
    field: Any = model._meta.get_field(first)
    return field_at(field.related_model, rest) if rest else field
