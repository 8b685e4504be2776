"""The rules that a statement keeps, so that Citus can run it, and on one machine if it is about one store.

`faults(sql)` names those that a statement breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from sqlglot import exp

from stores.distribution.tables import Distribution, table
from tests.distribution.statements import LEVELS, STORE, Level, Source, Statement, normalize, parse

READ = "a table is read without its store's value"  # slow: all machines are asked
JOIN = "tables of stores are joined, but not on the store"  # refused
WRITE = "rows are changed without their store's value"  # slow, and changes wait for each other
LOCK = "rows are locked without their store's value"  # refused
SETS_STORE = "the store of a row is set"  # refused
REFERENCE_LOCK = "a row of a reference table is locked"  # everybody waits
REFERENCE_SUBQUERY = "a subquery refers to a row of a reference table"  # refused
GROUP = "rows are grouped by a key, which does not stand for their other columns"  # refused
REFERENCE_WRITE = "no row of a reference table is changed, but all are locked"  # everybody waits
CHANGE = re.compile(r'^(?:DELETE FROM|UPDATE) "?(\w+)')


@dataclass(frozen=True)
class Fault:
    rule: str
    table: str


@cache
def tables() -> tuple[set[str], set[str]]:
    """Names of the distributed and of the reference tables."""
    distribution = Distribution.of_all_apps()
    return set(map(table, distribution.distributed)), set(map(table, distribution.references))


def faults(sql: str) -> tuple[Fault, ...]:
    text = normalize(sql)
    return faults_of_text(text) if text else ()


def faults_of_no_row(sql: str) -> tuple[Fault, ...]:
    """Those of a statement that has changed no row."""
    change = CHANGE.match(sql)
    references = tables()[1]
    if change is None or change[1] not in references:
        return ()
    return (Fault(REFERENCE_WRITE, change[1]),)


@cache
def faults_of_text(text: str) -> tuple[Fault, ...]:
    """Each different statement is parsed once: that takes some ms."""
    return tuple(dict.fromkeys(Check(parse(text), *tables()).faults()))


class Check:
    """One statement, and which of its tables are of one store."""

    def __init__(self, statement: Statement, distributed: set[str], references: set[str]) -> None:
        self.statement, self.references = statement, references
        self.tenants = statement.sources(distributed)
        self.several: set[Source] = set()  # tied to several stores
        self.values: set[Source] = set()
        self.near: list[tuple[Source, Source]] = []  # the planner carries a value along these
        self.far: list[tuple[Source, Source]] = []
        for level in statement.levels:
            for condition in level.conditions:
                self._note(condition)

    def _note(self, condition: Any) -> None:
        if isinstance(condition, exp.EQ):
            one, other = self._store_of(condition.this), self._store_of(condition.expression)
            if one and other:
                self._note_edge(one, other)
            elif (one or other) and not self._is_column(condition, one):
                self.values.add(one or other)  # type: ignore[arg-type]
        elif isinstance(condition, exp.In) and not condition.args.get("query"):
            sources = {self._store_of(condition.this)} - {None}
            self.values |= sources
            if len(condition.expressions) > 1:
                self.several |= sources

    def _is_column(self, condition: Any, one: Source | None) -> bool:
        other = condition.expression if one else condition.this
        return bool(other.find(exp.Column))

    def _note_edge(self, one: Source, other: Source) -> None:
        lower = one.level if is_above(other.level, one.level) else other.level
        upper = other.level if lower is one.level else one.level
        step, far = lower, False
        while step is not upper and step is not None:
            far = far or not (step.is_condition or step.is_in_from)
            step = step.above  # type: ignore[assignment]
        (self.far if far else self.near).append((one, other))

    def _store_of(self, expression: Any) -> Source | None:
        """The table whose store this expression is."""
        while isinstance(expression, exp.Paren):
            expression = expression.this
        if not isinstance(expression, exp.Column):
            return None
        source = self.statement.source_of(expression)
        if source is None:
            return None
        if source.table == "stores_store":
            return source if expression.name == "id" else None
        return source if expression.name == STORE else None

    # --- which are tied

    @cached_property
    def tied(self) -> set[Source]:
        return spread(self.values, self.near)

    @cached_property
    def of_one_store(self) -> set[Source]:
        return spread(self.values - self.several, self.near)

    # --- rules

    def faults(self) -> Iterator[Fault]:
        yield from self._reads()
        yield from self._joins()
        yield from self._writes()
        yield from self._locks()
        yield from self._reference_subqueries()
        yield from self._groups()

    def _reads(self) -> Iterator[Fault]:
        for source in self.tenants:
            if source not in self.tied:
                yield Fault(READ, source.table)

    def _joins(self) -> Iterator[Fault]:
        """All of a plan's tables are tied to a value, or all to each other."""
        plans: dict[Level, list[Source]] = {}
        for source in self.tenants:
            plans.setdefault(top(source.level), []).append(source)
        for sources in plans.values():
            tied = self.tied.intersection(sources) or {sources[0]}
            together = spread(tied, self.near + self.far)
            for source in sources:
                if source not in together:
                    yield Fault(JOIN, source.table)

    def _writes(self) -> Iterator[Fault]:
        level = self.statement.levels[0]
        if not isinstance(level.node, exp.Update | exp.Delete):
            return
        target = next(iter(level.sources.values()))
        if target in self.tenants and target not in self.of_one_store:
            yield Fault(WRITE, target.table)
        names = {one.this.name for one in level.node.expressions if isinstance(one, exp.EQ)}
        if target in self.tenants and STORE in names:
            yield Fault(SETS_STORE, target.table)

    def _locks(self) -> Iterator[Fault]:
        for level in self.statement.levels:
            for lock in level.node.args.get("locks") or ():
                names = [one.name for one in lock.expressions] or list(level.sources)
                for source in map(level.sources.__getitem__, names):
                    if source.table in self.references:
                        yield Fault(REFERENCE_LOCK, source.table)
                    elif source in self.tenants and source not in self.of_one_store:
                        yield Fault(LOCK, source.table)

    def _reference_subqueries(self) -> Iterator[Fault]:
        for source in self.tenants:
            level = source.level
            for outer in level.outer_columns if not level.is_in_from else ():
                if outer.table in self.references:
                    yield Fault(REFERENCE_SUBQUERY, outer.table)

    def _groups(self) -> Iterator[Fault]:
        """Each column is grouped by or added up: a key is unique only together with the store."""
        for level in self.statement.levels:
            group = level.node.args.get("group")
            grouped = set(map(str, columns_of(level, group.expressions))) if group else set()
            for part in columns_of(level, level.node.expressions) if group else ():
                source = self.statement.source_of(part)
                is_added_up = part.find_ancestor(exp.AggFunc, exp.Filter) is not None
                if source in self.tenants and str(part) not in grouped and not is_added_up:
                    yield Fault(GROUP, source.table)


def columns_of(level: Level, expressions: list[Any]) -> Iterator[Any]:
    """Yield the level's columns in expressions. A number, in GROUP BY, stands for what is selected there."""
    for one in expressions:
        place = int(one.this) if isinstance(one, exp.Literal) and not one.is_string else None
        for column in (level.node.expressions[place - 1] if place else one).find_all(exp.Column):
            if column.find_ancestor(*LEVELS) is level.node:
                yield column


def is_above(level: Level, other: Level) -> bool:
    """True when `other` is a subquery in `level`, at any depth."""
    step = other.above
    while step is not None and step is not level:
        step = step.above
    return step is not None


def top(level: Level) -> Level:
    """The level that this one is run together with."""
    while level.above is not None and not level.is_apart:
        level = level.above
    return level


def spread(sources: set[Source], edges: list[tuple[Source, Source]]) -> set[Source]:
    """These and all that edges lead to from them."""
    reached, size = set(sources), -1
    while size != len(reached):
        size = len(reached)
        for one, other in edges:
            if one in reached or other in reached:
                reached |= {one, other}
    return reached
