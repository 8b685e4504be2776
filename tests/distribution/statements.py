"""SQL statements, parsed: which tables a statement reads, locks or writes, and what names their store.

A `Level` is one SELECT, UPDATE or DELETE; subqueries are levels below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlglot
from sqlglot import exp

STORE = "store_id"
LEVELS = (exp.Select, exp.Update, exp.Delete)
PLACEHOLDER = re.compile(r"%s")
# a list of values is one value, or several
LONG_LIST = re.compile(r"\((%s, %s)(?:, %s)+\)")
EXPLAIN = re.compile(r"^EXPLAIN \([^)]*\) ")
KINDS = ("SELECT", "(SELECT", "UPDATE", "DELETE")


def normalize(sql: str) -> str:
    """Return the statement without what parses alike; empty if it neither reads nor changes old rows."""
    text = EXPLAIN.sub("", sql.strip())
    return LONG_LIST.sub(r"(\1)", text) if text.startswith(KINDS) else ""


def parse(text: str) -> Statement:
    text = PLACEHOLDER.sub("'?'", text).replace("%%", "%")
    return Statement(sqlglot.parse_one(text, dialect="postgres"))


@dataclass(eq=False)
class Source:
    """A table, or a subquery in its place, under the name that its level gives it."""

    name: str
    level: Level
    subquery: Any = None  # the SELECT in a table's place
    table: str = ""


@dataclass(eq=False)
class Level:
    node: Any
    above: Level | None = None
    sources: dict[str, Source] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> list[Any]:
        """Everything that must hold of each row: the parts of WHERE and of the joins' ON."""
        joins = [join.args.get("on") for join in self.node.args.get("joins") or ()]
        where = self.node.args.get("where")
        roots = [*joins, where.this if where else None]
        return [part for root in roots if root is not None for part in conjuncts(root)]

    @cached_property
    def outer(self) -> Any:
        """The expression that stands in the level above for this subquery."""
        found = self.node
        while isinstance(found.parent, exp.Subquery | exp.Exists | exp.Not | exp.Paren | exp.In):
            found = found.parent
        return found

    @property
    def is_in_from(self) -> bool:
        return isinstance(self.outer.parent, exp.From | exp.Join)

    @property
    def is_condition(self) -> bool:
        """True for `EXISTS (…)` and `x IN (…)` that each row must meet: the planner makes a join of them."""
        above = self.above
        return above is not None and any(self.outer is one for one in above.conditions)

    @property
    def is_apart(self) -> bool:
        """True for a subquery that is run by itself, before what is around it."""
        if self.above is None:
            return True
        if self.is_in_from:
            cut = any(self.node.args.get(name) for name in ("limit", "group", "distinct", "offset"))
            return cut or self.node.find(exp.Window) is not None
        return not self.outer_columns

    @cached_property
    def outer_columns(self) -> list[Source]:
        """Tables of levels above that this subquery refers to."""
        below = {id(one) for one in self.node.find_all(*LEVELS)}
        return [
            source
            for column in self.node.find_all(exp.Column)
            if (source := self.statement.source_of(column)) and id(source.level.node) not in below
        ]

    statement: Any = None


def conjuncts(expression: Any) -> Iterator[Any]:
    while isinstance(expression, exp.Paren):
        expression = expression.this
    if isinstance(expression, exp.And):
        yield from conjuncts(expression.this)
        yield from conjuncts(expression.expression)
    else:
        yield expression


class Statement:
    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.levels: list[Level] = []
        self._by_node: dict[int, Level] = {}
        for node in tree.find_all(*LEVELS, bfs=False):
            self._add(node)

    def _add(self, node: Any) -> None:
        level = Level(node, self.level_of(node.parent), statement=self)
        for one in sources_of(node):
            level.sources[one.alias_or_name] = Source(
                one.alias_or_name,
                level,
                one.this if isinstance(one, exp.Subquery) else None,
                one.name if isinstance(one, exp.Table) else "",
            )
        self.levels.append(level)
        self._by_node[id(node)] = level

    def level_of(self, node: Any) -> Level | None:
        """Return the level that an expression stands in."""
        while node is not None and id(node) not in self._by_node:
            node = node.parent
        return self._by_node[id(node)] if node is not None else None

    def sources(self, tables: set[str]) -> list[Source]:
        return [
            one for level in self.levels for one in level.sources.values() if one.table in tables
        ]

    def source_of(self, column: Any) -> Source | None:
        """Return the table that a column is of, through subqueries that hand it on."""
        level = self.level_of(column)
        while level is not None:
            if source := find_source(level, column.table):
                return self._inside(source, column.name)
            level = level.above
        return None

    def _inside(self, source: Source, name: str) -> Source | None:
        if source.subquery is None:
            return source
        inner = self._by_node.get(id(source.subquery))
        for one in inner.node.expressions if inner else ():
            is_star = isinstance(one, exp.Star) or (isinstance(one, exp.Column) and one.name == "*")
            if is_star:
                found = find_source(inner, getattr(one, "table", ""))
                return self._inside(found, name) if found else None
            if one.alias_or_name == name and isinstance(one.unalias(), exp.Column):
                return self.source_of(one.unalias())
        return None


def find_source(level: Level | None, name: str) -> Source | None:
    if level is None:
        return None
    if not name and level.sources:
        return next(iter(level.sources.values()))
    return level.sources.get(name)


def sources_of(node: Any) -> list[Any]:
    """Tables and subqueries that a level reads from or writes to."""
    if isinstance(node, exp.Select):
        first = node.args.get("from_")
        own = [first.this] if first else []
    else:
        own = [node.this]
    own += [join.this for join in node.args.get("joins") or ()]
    return [one for one in own if isinstance(one, exp.Table | exp.Subquery)]
