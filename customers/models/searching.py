"""Finding a part of a text in what searches see of a customer, through trigrams on both engines."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, Exact, GreaterThan

from customers.canonical import fold, search_digits

INDEXED = 100  # letters of an external id, which may be longer than an index takes

# What has no trigram, one letter or two, is looked for in each row.
ON_SQLITE = """{customer} IN (
    SELECT rowid FROM customers_search
    WHERE customers_search MATCH '"' || REPLACE({term}, '"', '""') || '"' AND LENGTH({term}) > 2
    UNION ALL
    SELECT id FROM customers_customer WHERE LENGTH({term}) < 3 AND INSTR(search_text, {term}) > 0
)"""


def search_terms(text: str) -> list[str]:
    """What a search looks for in `search_text`, any of it; nothing where there is nothing to be seen."""
    folded = fold(text)
    digits = folded and search_digits(text)
    return [term for term in (folded, digits) if term]


def with_word(rows: QuerySet, text: str, *columns: str) -> QuerySet:
    """Those with the text in one of these columns, in any case and accents; none for no text at all.

    For what a store has few of, such as zones: it looks at each row, and no column keeps what is compared.
    """
    word = fold(text)
    found = rows.order_by().values_list("pk", *columns) if word else ()
    return rows.filter(pk__in=[pk for pk, *texts in found if any(word in fold(t) for t in texts)])


class ExternalKey(Func):
    """The beginning of an external id, as its index has it.

    Its length stands in the SQL: SQLite knows no expression of an index again whose numbers are parameters.
    """

    template = f"LEFT(%(expressions)s, {INDEXED})"

    def as_sqlite(self, compiler, connection, **options):
        return self.as_sql(compiler, connection, template=f"SUBSTR(%(expressions)s, 1, {INDEXED})")


def known_by(text: str) -> Q:
    """Customers whose id in another system is exactly this one."""
    beginning = Exact(ExternalKey("external_id"), text[:INDEXED])
    return Q(beginning, external_id=text) & ~Q(external_id="")


class Seen(Contains):
    """Whether `search_text` has a term in it."""

    def as_sqlite(self, compiler, connection):
        customer = f'{connection.ops.quote_name(self.lhs.alias)}."id"'
        term, params = compiler.compile(as_value(self.rhs))
        sql = ON_SQLITE.format(customer=customer, term=term)
        return sql, [*params] * ON_SQLITE.count("{term}")


def containing(term: Any) -> Q:
    """Customers with this in their `search_text`, which is found by an index."""
    return Q(Seen(F("search_text"), term))


def showing(term: Any) -> Q:
    """The same ones, by looking at each."""
    return Q(GreaterThan(StrIndex("search_text", as_value(term)), 0))


def containing_ever(term: Any) -> Q:
    """The same ones, where deleted ones are meant, too: these are looked at, for the index has the others."""
    return Q(deleted_at=None) & containing(term) | Q(deleted_at__isnull=False) & showing(term)


def as_value(term: Any) -> Any:
    return term if hasattr(term, "resolve_expression") else Value(term)
