"""Turn the search criteria of a query, in all their spellings, into one condition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from customers.api.problems import ApiError, invalid
from customers.api.query import Query
from customers.dialects.manufacturing.searchable import BOOLEANS, FIELDS, fields_of
from customers.dialects.manufacturing.searchable_texts import LOOKUPS, Searchable
from stores.models import Store

MAX_CRITERIA = 50
NEGATIONS = {"neq": "eq", "nlike": "like", "nin": "in", "notnull": "null"}
TAKE_LISTS = ("in", "nin")
OTHER_NAMES = {"from": "gteq", "to": "lteq"}
OPERATORS = {*LOOKUPS, *NEGATIONS, *NEGATIONS.values(), *OTHER_NAMES}

FAMILIES = ("filter", "filters", "filter_groups")
DIRECT = re.compile(r"filter\[([^\[\]]+)\](?:\[([^\[\]]+)\])?\Z")
FILTERS_ITEM = re.compile(r"(?P<group>filters\[(?P<index>\d+)\])\[(?P<part>field|op|value)\]\Z")
FILTER_GROUPS_ITEM = re.compile(
    r"(?P<group>filter_groups\[\d+\])\[filters\]\[(?P<index>\d+)\]"
    r"\[(?P<part>field|condition_type|value)\]\Z"
)


@dataclass(frozen=True)
class Criterion:
    """A field, an operator and a value. `name` is the parameter, or group of parameters, that holds them."""

    name: str
    field: str
    op: str = "eq"
    value: str | None = None

    def condition(self, fields: Mapping[str, Searchable]) -> Q:
        """Return the condition on customers. Raises ApiError for an unusable field, operator or value."""
        field = fields.get(self.field)
        if field is None:
            raise self.error("field", "There is no such field to search")
        if self.op not in OPERATORS:
            raise self.error("operator", "There is no such operator")
        positive = NEGATIONS.get(self.op) or OTHER_NAMES.get(self.op, self.op)
        condition = self.presence(field) if positive == "null" else self.test(field, positive)
        return ~condition if self.op in NEGATIONS else condition

    def test(self, field: Searchable, op: str) -> Q:
        if self.value is None or not self.value.strip():
            raise self.error("blank", "A value must be given")
        try:
            return field.test(op, self.value.strip())
        except ValueError as fault:
            raise self.error("value", str(fault)) from None

    def presence(self, field: Searchable) -> Q:
        """Return the condition of `null` and `notnull`. They need no value; a false value inverts them."""
        is_true = BOOLEANS.get((self.value or "1").strip().lower())
        if is_true is None:
            raise self.error("value", f"Must be one of {', '.join(BOOLEANS)}")
        absent = field.absent()
        return absent if is_true else ~absent

    def error(self, code: str, message: str) -> ApiError:
        return invalid(self.name, code, message)


def criteria(query: Query, store: Store | None) -> Q:
    """Return the condition of all criteria of a query, on customers of a store (None: of any).

    Raises ApiError for an unusable one.
    """
    fields = fields_of(store)
    groups = [[criterion] for criterion in single_criteria(query)] + criteria_groups(query)
    if sum(map(len, groups)) > MAX_CRITERIA:
        raise invalid("filter", "too_many", f"At most {MAX_CRITERIA} criteria are possible")
    condition = Q()  # contract: AND across groups, OR inside one
    for group in groups:
        alternatives = Q()
        for criterion in group:
            alternatives |= criterion.condition(fields)
        condition &= alternatives
    return condition


def single_criteria(query: Query) -> Iterator[Criterion]:
    """Yield the criteria `FIELD=v`, `filter[FIELD]=v` and `filter[FIELD][OP]=v`."""
    for name in query.names():
        match = DIRECT.match(name)
        field = name.partition("[")[0]
        if match:
            op = match[2] or "eq"
            yield Criterion(name, match[1], op, value_of(query, name, op))
        elif field in FIELDS:  # `query` refuses other brackets behind it
            yield Criterion(field, field, "eq", query.text(field))


def criteria_groups(query: Query) -> list[list[Criterion]]:
    """Return the groups of `filters[i][…]`, one criterion each, and `filter_groups[i][filters][j][…]`."""
    groups: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for name in query.names():
        if name.partition("[")[0] in FAMILIES and not DIRECT.match(name):
            match = FILTERS_ITEM.match(name) or FILTER_GROUPS_ITEM.match(name)
            if not match:
                raise invalid(name, "spelling", "This is no way to write a criterion")
            groups[match["group"]][match["index"]][match["part"]] = name
    return [
        [build_criterion(query, group, names) for names in members.values()]
        for group, members in groups.items()
    ]


def build_criterion(query: Query, group: str, names: dict[str, str]) -> Criterion:
    """Return the criterion whose parts, such as `field` and `value`, are in these parameters."""
    parts = {part: query.text(name) for part, name in names.items() if part != "value"}
    op = parts.get("op", parts.get("condition_type")) or "eq"
    value = value_of(query, names["value"], op) if "value" in names else None
    return Criterion(group, parts.get("field") or "", op, value)


def value_of(query: Query, name: str, op: str) -> str | None:
    return query.joined(name) if op in TAKE_LISTS else query.text(name)
