"""Substring search in `Customer.search_text`, with a trigram index on PostgreSQL and on SQLite."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, Exact, GreaterThan

from customers.canonical import email_key, search_digits, searchable, spellings

Row = TypeVar("Row", bound=Model)
SPELLED_OUT = re.compile("([aou])e|a(?=a)")  # umlauts, and å
INDEXED_LENGTH = 100  # characters of an external id, which may be longer than an index entry may be

# A term of one or two characters has no trigram, so each row is compared.
SQLITE_CONDITION = """{customer} IN (
    SELECT rowid FROM customers_search
    WHERE customers_search MATCH '"' || REPLACE({term}, '"', '""') || '"' AND LENGTH({term}) > 2
    UNION ALL
    SELECT id FROM customers_customer WHERE LENGTH({term}) < 3 AND INSTR(search_text, {term}) > 0
)"""


def search_terms(text: str) -> list[str]:
    """Return the terms of which `search_text` must contain one.

    They are the spellings of the text, and the canonical form if it is an e-mail address or a phone.

    Return none when the text has no visible character.
    """
    try:
        terms = [email_key(text), spellings(text)[0]]
    except ValueError:
        terms = spellings(text)
    # A text that looks like a phone is searched as both: a company's name may have digits.
    terms.append(search_digits(text))
    return [term for term in dict.fromkeys(terms) if term]


def with_substring(rows: QuerySet[Row], text: str, *columns: str) -> QuerySet[Row]:
    """Return the rows with the text in one of these columns, whatever case and accents. Blank text finds none.

    Compare all rows in Python. Use it only for tables of which a store has few rows, such as delivery zones.
    """
    words = [word for word in spellings(text) if word]
    candidates = rows.order_by().values_list("pk", *columns) if words else ()
    return rows.filter(pk__in=[pk for pk, *texts in candidates if _has_one(words, texts)])


def tags_called(tags: QuerySet[Row], text: str) -> QuerySet[Row]:
    """Return the tags with the text in their name, in any spelling. Blank text finds none."""
    words = [word for word in spellings(text) if word]
    if not words:
        return tags.none()
    has_word = reduce(or_, (Q(key__contains=word) for word in words))
    bare = SPELLED_OUT.sub(r"\1", words[0])
    # Keys have "muller" for Müller. Whether "mueller" means that or another word, only the name tells.
    if bare != words[0]:
        candidates = tags.order_by().filter(key__contains=bare).values_list("pk", "name")
        has_word |= Q(pk__in=[pk for pk, name in candidates if _has_one(words, [name])])
    return tags.filter(has_word)


def _has_one(words: list[str], texts: list[str]) -> bool:
    return any(word in searchable(text) for text in texts for word in words)


class ExternalIdPrefix(Func):
    """The first characters of an external id, as its index has them.

    Their number is written into the SQL and not passed as a parameter: SQLite uses an index on an expression
    only when the query has exactly the same expression.
    """

    template = f"LEFT(%(expressions)s, {INDEXED_LENGTH})"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(
            compiler, connection, template=f"SUBSTR(%(expressions)s, 1, {INDEXED_LENGTH})"
        )


def has_external_id(text: str) -> Q:
    """Return the condition for exactly this external id. Its beginning lets the database use the index."""
    beginning = Exact(ExternalIdPrefix("external_id"), text[:INDEXED_LENGTH])
    return Q(beginning, external_id=text) & ~Q(external_id="")


class SearchTextContains(Contains):
    """The condition that `search_text` contains a term, found by the trigram index."""

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        # The index is a table of its own, whose rowid is the customer's id.
        customer = f'{connection.ops.quote_name(self.lhs.alias)}."id"'
        term, params = compiler.compile(as_value(self.rhs))
        sql = SQLITE_CONDITION.format(customer=customer, term=term)
        return sql, [*params] * SQLITE_CONDITION.count("{term}")


def search_indexed(term: Any) -> Q:
    """Return the condition for this term in `search_text`, found by the trigram index."""
    return Q(SearchTextContains(F("search_text"), term))


def search_scan(term: Any) -> Q:
    """Return the condition for this term in `search_text`, compared row by row."""
    return Q(GreaterThan(StrIndex("search_text", as_value(term)), 0))


def search_with_deleted(term: Any) -> Q:
    """Return the condition of `search_indexed` for live customers, and of `search_scan` for deleted ones.

    The index has no deleted customers.
    """
    live, deleted = Q(deleted_at=None), Q(deleted_at__isnull=False)
    return live & search_indexed(term) | deleted & search_scan(term)


def as_value(term: Any) -> Any:
    return term if hasattr(term, "resolve_expression") else Value(term)
